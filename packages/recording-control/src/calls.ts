import { printable } from '@rawreel/text';
import type { StreamClient } from '@stream-io/node-sdk';
import { type CallAnswer, callOf, type RecordingsAnswer, recordingsOf } from './answers.ts';
import type { Clock } from './clock.ts';
import { RecordingControlError } from './errors.ts';
import { type CallRef, formatCallRef, safeCall } from './names.ts';
import type { Look, Requests } from './requests.ts';

export type Signal = AbortSignal | undefined;

/** A call as the API had it at a time of the API's own clock. */
export interface SeenCall extends CallAnswer {
  /** Not after the request was answered; in whole seconds, as answers are dated. */
  readonly seenAt: Date;
}

/** What several rooms ask of a call. Names are checked here, before the SDK sees them. */
export class Calls {
  readonly #client: StreamClient;
  readonly #requests: Requests;
  readonly #clock: Clock;

  constructor(client: StreamClient, requests: Requests, clock: Clock) {
    this.#client = client;
    this.#requests = requests;
    this.#clock = clock;
  }

  /** The SDK's own. */
  at(call: CallRef) {
    const { type, id } = safeCall(call);
    return this.#client.video.call(type, id);
  }

  async read(call: CallRef, signal: Signal): Promise<SeenCall> {
    const sdkCall = this.at(call);
    return this.#requests.read({
      endpoint: 'GetCall',
      action: `${formatCallRef(call)} cannot be read`,
      signal,
      send: () => sdkCall.get(),
      parse: (answer) => ({
        ...callOf(answer),
        seenAt: this.timeOf(answer),
      }),
    });
  }

  async listRecordings(call: CallRef, signal: Signal): Promise<RecordingsAnswer> {
    const sdkCall = this.at(call);
    return this.#requests.read({
      endpoint: 'ListRecordings',
      action: `The recordings of ${formatCallRef(call)} cannot be listed`,
      signal,
      send: () => sdkCall.listRecordings(),
      parse: recordingsOf,
    });
  }

  /** @throws {RecordingControlError} also ERR_CALL_ENCRYPTED: what the server would record is not its to read */
  async readToRecord(call: CallRef, signal: Signal): Promise<SeenCall> {
    const seen = await this.read(call, signal);
    if (!isEncrypted(seen)) return seen;
    const name = printable(formatCallRef(call));
    throw new RecordingControlError(
      'ERR_CALL_ENCRYPTED',
      `${name} cannot be recorded: it is end-to-end encrypted by settings.encryption.mode ("auto-on")`,
      {
        hint: 'Nothing was sent. A call that is to be recorded needs that mode "disabled", on the call or on its call type.',
        setting: 'settings.encryption.mode',
      },
    );
  }

  /** Looks whether what starts raw recording is done, or why it cannot be. */
  async lookForStart(call: CallRef, signal: Signal, isDone: (seen: CallAnswer) => boolean): Promise<Look> {
    const seen = await this.read(call, signal);
    return { isDone: isDone(seen), obstacle: obstacleIn(seen) };
  }

  /** When an answer was given, by Stream's clock, in whole seconds; by this machine's where it does not say. */
  timeOf({ metadata }: { readonly metadata: { readonly responseHeaders: Headers } }): Date {
    const time = Date.parse(metadata.responseHeaders.get('date') ?? '');
    return new Date(Number.isNaN(time) ? this.#clock.now() : time);
  }
}

function obstacleIn({ settings, session }: CallAnswer): Look['obstacle'] {
  if (settings.raw_recording.mode === 'disabled') return 'disabled';
  // A session can have an id before anybody is in the call.
  const isActive = session?.started_at != null && session.ended_at == null;
  return isActive ? undefined : 'noSession';
}

export const isEncrypted = ({ settings }: CallAnswer): boolean => settings.encryption?.mode === 'auto-on';

/** How far raw recording of a call is. */
export type RecordingState = 'notRunning' | 'starting' | 'running';

/** Of an egress that is over, though it is still told of. */
const OVER: readonly string[] = ['', 'ended', 'completed', 'failed', 'finished', 'stopped'];

/**
 * The API has one word for it, of which `running` and `starting` are known. One that nobody knows is no proof that nothing is
 * recorded: what is told of, and not over, counts as about to run.
 */
export function recordingStateOf({ egress }: CallAnswer): RecordingState {
  const status = egress.raw_recording?.status;
  if (status === undefined || OVER.includes(status)) return 'notRunning';
  return status === 'running' ? 'running' : 'starting';
}

export const isUnderWay = (seen: CallAnswer): boolean => recordingStateOf(seen) !== 'notRunning';
