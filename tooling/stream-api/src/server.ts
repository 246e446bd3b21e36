import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Clock } from './clock.ts';
import type { Api } from './endpoints/endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { refuse, serveFile } from './files/serve-file.ts';
import { isGranted, signedUrl } from './files/signed-url.ts';
import { answerTo } from './http/answer.ts';
import { deliver } from './http/deliver.ts';
import { type Fault, type FaultRule, Faults } from './http/faults.ts';
import { type RateLimit, RateLimiter } from './http/rate-limit.ts';
import { route } from './http/route.ts';
import { cidOf } from './state/answers.ts';
import type { App } from './state/app.ts';
import { Recorder, type RecordingEvent } from './state/recorder.ts';
import { plant, type Seed } from './state/seed.ts';
import { join, leave } from './state/session.ts';
import { type Call, newState, type Recording, type StateView } from './state/state.ts';
import { Deliveries, type DeliveryOptions } from './webhooks/deliveries.ts';

export interface StreamApiOptions {
  readonly seed?: Seed;
  /** Where all events go, as a hook of the app; nowhere unless told. */
  readonly webhookUrl?: string;
  /** Whether events are sent compressed. */
  readonly webhookGzip?: boolean;
  /** An app that has not been moved to a list of hooks: `webhookUrl` is its only one. */
  readonly isOldApp?: boolean;
  /** Whether an app's secrets are shown as asterisks. */
  readonly masksSecrets?: boolean;
  /** Publishes to a topic of SNS, for hooks of that type. */
  readonly publish?: DeliveryOptions['publish'];
  /** Leaves an event that could not be delivered in a bucket, for hooks with a failover. */
  readonly store?: DeliveryOptions['store'];
  /** After how many milliseconds each event is sent, once for each of them: with none it is lost. At once and once unless told. */
  readonly webhookTimes?: (event: RecordingEvent) => readonly number[];
  /** How long a receiver may take, in milliseconds of the machine's time; 6000 as Stream has it. */
  readonly webhookTimeoutMs?: number;
  /** All endpoints together, unlike Stream's; so high that no test meets it, unless told. */
  readonly rateLimit?: RateLimit;
  /** The file that every recording is, or what tells it of each; the sample call unless told. */
  readonly archive?: string | ((recording: Readonly<Recording>) => string);
  /** How long a recording's URL holds: two weeks unless told. */
  readonly urlLifetimeMs?: number;
  /** From the start of a recording until it runs: 0 unless told. Meanwhile its status is `starting`, and it cannot be stopped. */
  readonly startsAfterMs?: number;
  /** From the stop of a recording until it is ready, 2000 unless told. */
  readonly readyAfterMs?: number;
  /** Milliseconds since 1970: a time of the test's own, with which nothing happens by itself. */
  readonly now?: () => number;
  /** Told of each request when it has been answered, or will not be. */
  readonly onRequest?: (request: SeenRequest) => void;
}

/** A request as it came, and what became of it. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query, encoded as it came. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, otherwise the text; undefined where there was none. */
  readonly body: unknown;
  /** The API's name of what was asked for, as in `StartRecording`; none for an unknown route. */
  readonly operation: string | undefined;
  /** What went wrong on demand. */
  readonly fault: Fault['kind'] | undefined;
  /** HTTP status of the answer; none where none was given, or not yet. */
  readonly status: number | undefined;
  /** Whether it has taken effect, which the client cannot know of what was not answered. */
  readonly wasCarriedOut: boolean;
}

export interface StreamApi {
  /** `http://127.0.0.1:port`: the SDK's `basePath`. */
  readonly url: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly state: StateView;
  /** Every request to the API, the first first; those for files are not. */
  readonly requests: readonly SeenRequest[];
  /** A user comes into a call that is there, or leaves it: the first begins a session, the last ends it after a while. */
  join(call: { readonly type: string; readonly id: string }, userId: string): void;
  leave(call: { readonly type: string; readonly id: string }, userId: string): void;
  /** Something goes wrong with the next requests that match. */
  fault(rule: FaultRule): void;
  /**
   * Moves the time forward and lets happen what is due until then. When it resolves, every event that was due has been answered,
   * or given up. `advance(0)` waits for those that are under way.
   */
  advance(ms: number): Promise<void>;
  /** Open requests are cut off. */
  stop(): Promise<void>;
}

const CREDENTIALS = { apiKey: 'rawreel-key', secret: 'rawreel-secret' };
const NO_LIMIT = { requests: 100_000, windowMs: 60_000 };
const SAMPLE = fileURLToPath(new URL('../../../test/samples/chromium-call.zip', import.meta.url));
const TWO_WEEKS = 14 * 24 * 3600 * 1000;
/** Beside the API, as a bucket is. */
const FILES = '/video/recordings/';

/**
 * Starts a stand-in for Stream's API on a free port of loopback, for an app that is new but for its seed; resolves when it serves.
 *
 * @throws ApiError when the API would refuse what the seed holds.
 */
export async function startStreamApi(options: StreamApiOptions = {}): Promise<StreamApi> {
  const { archive = SAMPLE, urlLifetimeMs = TWO_WEEKS, startsAfterMs = 0, readyAfterMs = 2000 } = options;
  const { webhookTimes = () => [0] } = options;
  const clock = new Clock(options.now);
  const limiter = new RateLimiter(options.rateLimit ?? NO_LIMIT);
  const faults = new Faults();
  const requests: SeenRequest[] = [];
  const app = appOf(options, clock.now());
  const { webhookTimeoutMs = 6000, publish, store } = options;
  const deliveries = new Deliveries(app, CREDENTIALS, clock, { timeoutMs: webhookTimeoutMs, publish, store });

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const state = newState(clock.now(), app);
  const urlOf: Api['urlOf'] = (call, { sessionId, filename, externalStorage }) => {
    const storage = externalStorage === undefined ? undefined : state.externalStorages.get(externalStorage);
    // The owner's bucket is the owner's to open.
    if (storage !== undefined) return `${url}${FILES}${storage.bucket}/${storage.path}${filename}`;
    const path = pathOf(call, { sessionId, filename });
    return signedUrl(`${url}${path}`, clock.now() + urlLifetimeMs, CREDENTIALS.secret);
  };
  let isPlanted = false;
  // Who is in a call of the seed was there before anybody listened.
  const emit: Api['emit'] = (event) => {
    const times = 'egress_id' in event ? webhookTimes(event) : [0];
    if (isPlanted || !event.type.startsWith('call.session_')) deliveries.send(event, times);
  };
  const recorder = new Recorder({ clock, startsAfterMs, readyAfterMs, urlOf, emit });
  const api: Api = { state, clock, recorder, emit, urlOf, url };
  try {
    plant(api, endpoints, options.seed ?? {});
    isPlanted = true;
  } catch (error) {
    server.close();
    throw error;
  }

  function existing(wanted: Pick<Call, 'type' | 'id'>): Call {
    const call = state.calls.get(cidOf(wanted));
    if (call === undefined) throw new Error(`there is no call ${cidOf(wanted)}`);
    return call;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    clock.catchUp();
    // Clients tell a server's time by it: one time in all that the stand-in says.
    response.setHeader('date', new Date(clock.now()).toUTCString());
    const asked = new URL(request.url ?? '/', url);
    if (asked.pathname.startsWith(FILES)) await serveRecording(request, response, asked);
    else await serveApi(request, response, asked);
  }

  async function serveApi(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
  ) {
    const body = await bodyOf(request);
    if (body === undefined) return;
    const { method = '', headers } = request;
    const match = route(endpoints, method, pathname);
    const fault = match === undefined ? undefined : faults.next(match.endpoint.name);
    const seen: Seen = {
      method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers,
      body: jsonOrText(body),
      operation: match?.endpoint.name,
      fault: fault?.kind,
      status: undefined,
      wasCarriedOut: false,
    };
    requests.push(seen);
    const asked = { method, path: pathname, query: searchParams, headers, text: body, match };
    const work = () => {
      const answer = answerTo(api, CREDENTIALS, limiter, asked);
      seen.wasCarriedOut = answer.status < 300;
      return answer;
    };
    seen.status = await deliver(api, response, fault, work);
    options.onRequest?.(seen);
  }

  async function serveRecording(request: IncomingMessage, response: ServerResponse, asked: URL) {
    // A URL is signed for GET; HEAD with it is another request, which S3 refuses.
    if (request.method !== 'GET' || !isGranted(asked, clock.now(), CREDENTIALS.secret))
      return refuse(response, 403, 'AccessDenied', 'Access denied');
    const file = typeof archive === 'string' ? archive : archiveAt(asked.pathname, archive);
    if (file === undefined) return refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
    await serveFile(file, request, response);
  }

  function archiveAt(path: string, archiveOf: (recording: Readonly<Recording>) => string) {
    for (const call of state.calls.values()) {
      const recording = call.recordings.find((candidate) => pathOf(call, candidate) === path);
      if (recording !== undefined) return archiveOf(recording);
    }
    return undefined;
  }

  return {
    url,
    ...CREDENTIALS,
    state,
    requests,
    join: (call, userId) => join(api, existing(call), userId),
    leave: (call, userId) => leave(api, existing(call), userId),
    fault: (rule) => faults.add(rule),
    advance: (ms) => clock.advance(ms, () => deliveries.settled()),
    async stop() {
      clock.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Of a recording in Stream's own storage. */
function pathOf(call: Call, { sessionId, filename }: Pick<Recording, 'sessionId' | 'filename'>): string {
  return FILES + [`${call.type}_${call.id}`, sessionId, filename].map(encodeURIComponent).join('/');
}

/** Filled in while the request is served. */
type Seen = { -readonly [Field in keyof SeenRequest]: SeenRequest[Field] };

function appOf(options: StreamApiOptions, now: number): App {
  const { webhookUrl, webhookGzip = false, isOldApp = false, masksSecrets = false } = options;
  const fields = {
    id: randomUUID(),
    enabled: true,
    hook_type: 'webhook',
    webhook_url: webhookUrl,
    event_types: [],
  };
  return {
    hasHooks: !isOldApp,
    webhookUrl: isOldApp ? webhookUrl : undefined,
    masksSecrets,
    hooks: isOldApp || webhookUrl === undefined ? [] : [{ fields, createdAt: now, updatedAt: now }],
    isPacked: webhookGzip,
  };
}

/** None where the client has gone away. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  try {
    return await text(request);
  } catch {
    return undefined;
  }
}

function jsonOrText(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
