import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createRecordingControl } from '@rawreel/recording-control';
import { type StreamApi, type StreamApiOptions, startStreamApi } from '@rawreel/stream-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { explainAnswer } from '../src/webhook/explain-answer.ts';
import { rawreel, type Stage } from './fakes.ts';

const HERE = 'https://calls.example.com/webhooks/stream';
const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:stream-events';
const RECORDING_TYPES =
  'call.recording_started, call.recording_stopped, call.recording_ready, call.recording_failed';
const OTHER = {
  hook_type: 'sqs',
  sqs_queue_url: 'https://q.example/1/other',
  sqs_auth_type: 'keys',
  sqs_key: 'hush',
  sqs_secret: 'hush',
} as const;

/** The whole program, the real package and SDK, and a stand-in for Stream's API. */
async function world(options: StreamApiOptions = {}) {
  const api: StreamApi = await startStreamApi(options);
  onTestFinished(() => api.stop());
  const { apiKey, secret, url: baseUrl } = api;
  const control = createRecordingControl({ apiKey, secret, baseUrl });
  const env = { STREAM_API_KEY: apiKey, STREAM_API_SECRET: secret };
  return {
    api,
    hooks: () => api.state.app.hooks.map(({ fields }) => fields),
    writes: () => api.requests.filter(({ operation }) => operation === 'UpdateApp').length,
    ask: async (line: string, stage: Stage = {}) => {
      const { exitCode, stdout, stderr } = await rawreel(line.split(' '), { env, control, ...stage });
      return { exitCode, stdout, stderr };
    },
  };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('registering', () => {
  it('shows the change, asks, writes, and leaves other hooks as they are; once more changes nothing', async () => {
    const { ask, hooks, writes } = await world({ seed: { eventHooks: [OTHER] } });
    const no = await ask(`webhook register --url ${HERE}`, { typed: ['n'], stderrColumns: 80 });
    expect([no.exitCode, no.stdout]).toEqual([1, '']);
    expect(no.stderr).toContain(
      `  sqs  https://q.example/1/other  all events\n+ webhook  ${HERE}  ${RECORDING_TYPES}\n`,
    );
    expect(no.stderr).toContain('Write 2 hooks? [y/N]');
    expect(no.stderr).toContain('nothing was written');
    const yes = await ask(`webhook register --url ${HERE}`, { typed: ['y'], stderrColumns: 80 });
    expect([yes.exitCode, yes.stdout]).toEqual([
      0,
      `Registered ${HERE}\n  sqs  https://q.example/1/other  all events\n+ webhook  ${HERE}  ${RECORDING_TYPES}\n`,
    ]);
    const again = await ask(`webhook register --url ${HERE} --yes`);
    expect([again.exitCode, again.stdout.split('\n')[0]]).toEqual([0, `Unchanged: ${HERE}`]);
    expect(hooks()).toMatchObject([OTHER, { hook_type: 'webhook', webhook_url: HERE, enabled: true }]);
    expect(writes()).toBe(1);
    const gone = await ask(`webhook unregister --url ${HERE} --yes`);
    expect([gone.exitCode, gone.stdout]).toEqual([
      0,
      `Unregistered ${HERE}\n  sqs  https://q.example/1/other  all events\n- webhook  ${HERE}  ${RECORDING_TYPES}\n`,
    ]);
    expect(hooks()).toMatchObject([OTHER]);
  });

  it('--dry-run writes nothing; --json has the change without secrets', async () => {
    const { ask, hooks, writes } = await world({ seed: { eventHooks: [OTHER] } });
    const dry = await ask(`webhook register --sns ${TOPIC} --event all --dry-run`);
    expect([dry.exitCode, dry.stdout]).toEqual([
      0,
      `Would register ${TOPIC}\n  sqs  https://q.example/1/other  all events\n+ sns  ${TOPIC}  all events\n`,
    ]);
    expect(writes()).toBe(0);
    const { stdout } = await ask(`webhook register --sqs ${QUEUE} --event call.recording_ready --yes --json`);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'added',
      outcome: 'written',
      before: [{ sqs_secret: '…' }],
      after: [{ sqs_key: '…' }, { sqs_queue_url: QUEUE, event_types: ['call.recording_ready'] }],
    });
    expect(stdout).not.toContain('hush');
    expect(hooks()[1]).toMatchObject({ sqs_region: 'eu-central-1', sqs_auth_type: 'resource' });
  });

  it('refuses where another hook could be lost, and says what to do', async () => {
    const masked = await world({ masksSecrets: true, seed: { eventHooks: [OTHER] } });
    const refused = await masked.ask(`webhook register --url ${HERE} --yes`);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/sqs_key is masked\): nothing was changed\n.*dashboard/);
    const old = await world({ isOldApp: true, webhookUrl: 'https://old.example/?token=hush' });
    const { stderr } = await old.ask(`webhook register --url ${HERE} --yes`);
    expect(stderr).toMatch(/one webhook in Stream's old way.*nothing was changed\n.*dashboard/s);
    expect((await old.ask('webhook show')).stdout).toBe(
      'webhook  https://old.example/?…  (legacy setting, the only webhook)\n',
    );
    expect([masked.writes(), old.writes()]).toEqual([0, 0]);
  });

  it('a queue of another server needs its region, and none to be unregistered', async () => {
    const { ask, hooks } = await world();
    const queue = 'http://127.0.0.1:9324/123456789012/events';
    expect((await ask(`webhook register --sqs ${queue} --region elsewhere --yes`)).exitCode).toBe(0);
    expect(hooks()).toMatchObject([{ sqs_queue_url: queue, sqs_region: 'elsewhere' }]);
    expect((await ask(`webhook unregister --sqs ${queue} --yes`)).exitCode).toBe(0);
    expect(hooks()).toEqual([]);
  });

  it('shows hooks without secrets', async () => {
    const { ask } = await world({ seed: { eventHooks: [{ ...OTHER, enabled: false }] } });
    expect((await ask('webhook show')).stdout).toBe(
      'sqs  https://q.example/1/other  all events  (switched off)\n',
    );
    expect((await ask('webhook show --json')).stdout).not.toContain('hush');
    const none = await world();
    expect((await none.ask('webhook show')).stdout).toBe(
      'No hooks: Stream sends the events of this app nowhere\n',
    );
  });

  it.each([
    ['webhook register', /no destination selected\n {2}Add --url, --sqs or --sns/],
    [`webhook register --url ${HERE} --sqs ${QUEUE}`, /--url and --sqs cannot be used together/],
    ['webhook register --url http://calls.example.com/', /--url takes an https:\/\/ address/],
    ['webhook register --url https://u:p@calls.example.com/', /without user, password/],
    ['webhook register --url=', /--url is empty/],
    ['webhook register --sqs events', /--sqs takes the URL of a queue/],
    ['webhook register --sqs http://127.0.0.1:1/1/q', /contains no region/],
    ['webhook register --sns events', /--sns takes the ARN of a topic/],
    [`webhook register --url ${HERE} --event Call!`, /--event takes event types/],
    [`webhook register --url ${HERE}`, /cannot ask for confirmation/],
    ['webhook test --url calls.example.com', /--url takes an https/],
  ])('%s is exit 2', async (line, says) => {
    const { exitCode, stdout, stderr } = await (await world()).ask(line);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });
});

describe('testing', () => {
  it('sends a signed event to the address that is registered, and says that it was stored', async () => {
    const { api, ask } = await world();
    const received: { type: string; isSigned: boolean; key: unknown }[] = [];
    const url = await serve(async (request, response) => {
      const body = await text(request);
      const signature = createHmac('sha256', api.secret).update(body).digest('hex');
      const { 'x-signature': given, 'x-api-key': key } = request.headers;
      received.push({ type: JSON.parse(body).type, isSigned: given === signature, key });
      response.end('{"code":"taken"}');
    });
    const address = `${url}/webhooks/stream`;
    await ask(`webhook register --url ${address} --yes`);
    await ask('webhook register --url https://other.example/hook --yes');
    const tested = await ask('webhook test');
    expect([tested.exitCode, tested.stdout.replace(/\d+ ms/, '- ms')]).toEqual([
      0,
      `${address}: the receiver has stored the test event (200 taken, in - ms)\n`,
    ]);
    expect(received).toEqual([{ type: 'rawreel.test', isSigned: true, key: api.apiKey }]);
  });

  it('an answer that is none of the receiver’s is exit 1, with what to do', async () => {
    const { ask } = await world();
    const url = await serve((request, response) => {
      if (request.url === '/moved') response.writeHead(301, { location: '/new?token=hush' }).end();
      else response.writeHead(401).end('{"code":"bad-signature","message":"no"}');
    });
    const moved = await ask(`webhook test --url ${url}/moved`);
    expect([moved.exitCode, moved.stdout]).toEqual([1, '']);
    expect(moved.stderr).toMatch(/answered 301 in \d+ ms\n {2}It redirects to http:.*\/new: register/);
    expect(moved.stderr).not.toContain('hush');
    const { exitCode, stdout } = await ask(`webhook test --url ${url} --json`);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 401, code: 'bad-signature', isTaken: false });
  });

  it('no answer in time, and nobody there', async () => {
    const { ask } = await world();
    const silent = await serve(() => undefined);
    const late = await ask(`webhook test --url ${silent} --request-timeout 50ms`);
    expect([late.exitCode, late.stderr]).toEqual([1, expect.stringContaining('no answer within 0.05 s')]);
    const nobody = await ask('webhook test --url http://127.0.0.1:2/webhooks/stream');
    expect(nobody.stderr).toMatch(/connection refused \(ECONNREFUSED\)\n {2}Start the receiver/);
  });

  it('nothing is registered, or more than one that could be meant', async () => {
    const { ask } = await world();
    expect(await ask('webhook test')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no webhook'),
    });
    for (const path of ['a', 'b']) await ask(`webhook register --url https://${path}.example/ --yes`);
    expect(await ask('webhook test')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('2 webhooks'),
    });
  });

  it.each([
    [{ status: 200 }, /not from the receiver/],
    [{ status: 404 }, /No receiver at that path/],
    [{ status: 401 }, /requires a login/],
    [{ status: 401, code: 'no-signature' }, /removes the header X-SIGNATURE/],
    [{ status: 503, code: 'unknown-key' }, /no secret for this app/],
    [{ status: 503, code: 'not-stored' }, /cannot reach its database/],
    [{ status: 503, code: 'body-consumed' }, /before express\.json/],
    [{ status: 502 }, /does not reach it/],
    [{ status: 413 }, /limits the size of bodies/],
    [{ failure: 'ENOTFOUND' }, /DNS/],
    [{ failure: 'CERT_HAS_EXPIRED' }, /certificate|public authority/],
    [{ failure: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, /public authority/],
  ] as const)('%o is explained', (answer, says) => {
    const { isTaken, hints } = explainAnswer({ tookMs: 1, ...answer }, 6000);
    expect(isTaken).toBe(false);
    expect(hints.join('\n')).toMatch(says);
  });
});
