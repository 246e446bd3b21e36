import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SeenRequest, type StreamApi, type StreamApiOptions, startStreamApi } from '@rawreel/stream-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The program itself in a process of its own, the real SDK, and a stand-in for Stream's API. */
const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
const SAMPLE = join(import.meta.dirname, '../../../test/samples/chromium-call.zip');
const { PATH: searchPath } = process.env;

const CALL = 'default:standup';

let folder = '';
let api: StreamApi;

const serving = (options: StreamApiOptions = {}) =>
  startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
    readyAfterMs: 10,
    ...options,
  });

/** Another one than every test has. */
async function serve(options: StreamApiOptions): Promise<void> {
  await api.stop();
  api = await serving(options);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-control-'));
  api = await serving();
});
afterEach(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Asked {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Sees the process and all that it has said on stderr whenever it says something there. */
  readonly onStderr?: (child: ChildProcess, stderr: string) => void;
  readonly node?: readonly string[];
}

/** Nothing of this machine's user is seen or touched. */
const environment = () => ({
  ...(searchPath !== undefined && { PATH: searchPath }),
  HOME: folder,
  XDG_CACHE_HOME: join(folder, 'cache'),
  XDG_CONFIG_HOME: join(folder, 'config'),
});

const signedIn = () => ({
  STREAM_API_KEY: api.apiKey,
  STREAM_API_SECRET: api.secret,
  STREAM_BASE_URL: api.url,
});

function rawreel(
  line: string,
  { env = signedIn(), stdin = '', onStderr, node = [] }: Asked = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...node, MAIN, ...line.split(' ')], {
      cwd: folder,
      env: { ...environment(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text;
      onStderr?.(child, ended.stderr);
    });
    child.stdin.on('error', () => undefined).end(stdin);
    child.on('close', (exitCode) => resolve({ exitCode, ...ended }));
  });
}

/** What it prints with --json, when it ends well. */
async function json(line: string, asked: Asked = {}) {
  const { exitCode, stdout, stderr } = await rawreel(`${line} --json`, asked);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** A recording that is ready. */
async function recorded(): Promise<void> {
  await json(`recording start ${CALL}`);
  const { endedSince } = await json(`recording stop ${CALL}`);
  await json(`recording wait ${CALL} --ended-since ${endedSince}`);
}

const durationOf = (file: string): number =>
  Number(
    execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file], {
      encoding: 'utf8',
    }),
  );

/** Of the recordings of the call. */
const phases = () => api.state.calls.get(CALL)?.recordings.map(({ phase }) => phase);

const mediaIn = (name: string): string[] =>
  readdirSync(join(folder, name)).filter((file) => /\.(mkv|mp3)$/.test(file));

describe('a recording', () => {
  it('is started, stopped, waited for and listed; what is so already is no error', async () => {
    const started = await rawreel(`recording start ${CALL}`);
    expect(started.stdout).toMatch(/^Recording of default:standup started\n/);
    expect(await json(`recording start ${CALL}`)).toEqual({ state: 'alreadyRunning' });
    expect(await json(`recording status ${CALL}`)).toMatchObject({
      call: { type: 'default', id: 'standup' },
      state: 'running',
      settings: { mode: 'available', audioOnly: false },
    });
    const stopped = await rawreel(`recording stop ${CALL}`);
    expect(await json(`recording stop ${CALL}`)).toEqual({ state: 'notRunning' });

    // The lines that the two have printed, each by itself, lead to the recording.
    for (const { stdout } of [started, stopped]) {
      const line = /rawreel (recording wait .*)/.exec(stdout)?.[1] ?? '';
      const { exitCode, stdout: waited } = await rawreel(line);
      expect(exitCode).toBe(0);
      expect(waited).toMatch(
        /^A recording of default:standup is ready\n\nFILENAME .* LINK\n.*\.zip .* 13 days left\n$/,
      );
    }
    const [listed, ...more] = await json(`recording list ${CALL}`);
    expect(more).toEqual([]);
    expect(listed).toMatchObject({
      type: 'raw',
      session: expect.any(String),
      url: expect.stringContaining(api.url),
    });
    expect(await json(`recording list ${CALL} --session other`)).toEqual([]);
  });

  it('waiting tells one from those before it', async () => {
    await recorded();
    const [before] = await json(`recording list ${CALL}`);
    await json(`recording start ${CALL}`);
    const { endedSince } = await json(`recording stop ${CALL}`);
    const next = await json(`recording wait ${CALL} --ended-since ${endedSince}`);
    expect(next.filename).not.toBe(before.filename);
  });

  it('is downloaded whole, and deleted', async () => {
    await recorded();
    const { exitCode, stdout, stderr } = await rawreel(`recording download ${CALL} --latest --output calls`);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [file = ''] = readdirSync(join(folder, 'calls'));
    expect(stdout).toBe(`1 recording in calls/ (1.3 MB)\n  1.3 MB  calls/${file}\n`);
    expect(readFileSync(join(folder, 'calls', file)).equals(readFileSync(SAMPLE))).toBe(true);

    const refused = await rawreel(`recording delete ${CALL} --latest`);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await json(`recording delete ${CALL} --filename ${file} --yes`)).toEqual([
      { session: expect.any(String), filename: file, state: 'deleted' },
    ]);
    expect(await json(`recording list ${CALL}`)).toEqual([]);
  });

  it('becomes media without its archive being kept', async () => {
    await recorded();
    const line = `recording download ${CALL} --latest --process --no-mix --no-cache --output out`;
    const [{ recording, report }] = await json(line);
    expect(recording.filename).toMatch(/\.zip$/);
    expect(report.files).toHaveLength(3);
    for (const file of mediaIn('out')) expect(durationOf(join(folder, 'out', file))).toBeGreaterThan(29);
    expect(mediaIn('out')).toHaveLength(3);
    expect(readdirSync(join(folder, 'cache', 'rawreel'))).toEqual([]);
  });

  it('whose link is over is no file, and the link is not told', async () => {
    await serve({ urlLifetimeMs: -1000 });
    await recorded();
    const { exitCode, stdout, stderr } = await rawreel(
      `recording download ${CALL} --latest --output calls --verbose`,
    );
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^rawreel: http:\/\/127\.0\.0\.1:\d+\/video\/recordings\/.*\.zip /);
    expect(stderr).not.toMatch(/signature|expires=/i);
    expect(existsSync(join(folder, 'calls'))).toBe(false);
    const [listed] = (await rawreel(`recording list ${CALL}`)).stdout.split('\n').slice(3);
    expect(listed).toMatch(/expired$/);
  });

  it('goes live and back with its call', async () => {
    await serve({ seed: { calls: [{ type: 'livestream', id: 'launch', participants: ['ann'] }] } });
    const live = await json('recording go-live livestream:launch');
    expect(live).toEqual({ state: 'live', recording: 'started' });
    expect(await json('recording go-live livestream:launch')).toEqual({
      state: 'alreadyLive',
      recording: 'alreadyRunning',
    });
    expect(await json('recording stop-live livestream:launch --continue-recording')).toEqual({
      state: 'stopped',
    });
    expect(await json('recording status livestream:launch')).toMatchObject({
      state: 'running',
      isBackstage: true,
    });
    expect(await json('recording stop-live livestream:launch')).toEqual({ state: 'notLive' });
  });

  it('that is switched off is refused in words that name the setting', async () => {
    await json('settings set --call-type default --mode disabled');
    const { exitCode, stdout } = await rawreel(`recording start ${CALL} --json`);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'ERR_RECORDING_DISABLED',
      message: expect.stringContaining('settings.raw_recording.mode'),
    });
  });
});

describe('control tells the truth', () => {
  it('a stop right after the start stops', async () => {
    // It comes to run once it was to be stopped: the commands before it may take their time.
    const startsAfterMs = 120_000;
    const onRequest = ({ operation }: SeenRequest) =>
      operation === 'StopRecording' && void api.advance(startsAfterMs);
    await serve({ startsAfterMs, onRequest });
    await json(`recording start ${CALL}`);
    expect(await json(`recording status ${CALL}`)).toMatchObject({ state: 'starting' });
    const said = await rawreel(`recording status ${CALL}`);
    expect(said.stdout).toMatch(/^default:standup is about to be recorded/);
    expect(await json(`recording stop ${CALL}`)).toMatchObject({ state: 'stopped' });
    expect(phases()?.[0]).toMatch(/processing|ready/);
  });

  it('nobody being in the call is told with what to do, and can be waited for', async () => {
    await serve({ seed: { calls: [{ type: 'default', id: 'standup' }] } });
    const refused = await rawreel(`recording start ${CALL}`);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/nobody is in the call/);
    expect(refused.stderr).toContain('rawreel recording start default:standup --wait-for-session');
    const asJson = await rawreel(`recording start ${CALL} --json`);
    expect(JSON.parse(asJson.stdout).error.code).toBe('ERR_NO_SESSION');
    const late = await rawreel(`recording start --wait-for-session 1s ${CALL}`);
    expect([late.exitCode, late.stderr]).toEqual([
      1,
      expect.stringContaining('nobody has joined within 1 s'),
    ]);

    const asked = () => api.requests.filter(({ operation }) => operation === 'StartRecording').length;
    const before = asked();
    const started = rawreel(`recording start --wait-for-session ${CALL}`);
    await expect.poll(asked).toBeGreaterThan(before);
    api.join({ type: 'default', id: 'standup' }, 'ann');
    expect((await started).stdout).toMatch(/^Recording of default:standup started/);
  });

  it('an encrypted call is told as what it is', async () => {
    const data = { settings_override: { encryption: { mode: 'auto-on' as const } } };
    await serve({ seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'], data }] } });
    const { exitCode, stderr } = await rawreel(`recording start ${CALL}`);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('end-to-end encrypted')]);
    const { stdout } = await rawreel(`recording status ${CALL}`);
    expect(stdout).toContain('end-to-end encrypted, so that it cannot be recorded');
  });

  it('waiting for one that has failed ends, and says so', async () => {
    api.fault({ operation: 'StopRecording', fault: { kind: 'recordingFails' } });
    await json(`recording start ${CALL}`);
    const { endedSince } = await json(`recording stop ${CALL}`);
    const line = `recording wait ${CALL} --ended-since ${endedSince} --timeout 100ms`;
    const { exitCode, stdout, stderr } = await rawreel(line);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/nothing was recorded and nothing became ready for/);
    expect(stderr).toContain('call.recording_failed');
  });

  it('what was stopped is not taken for the one before it, which is still being finished', async () => {
    // Stream's clock is told in whole seconds: the second one must not end in the same as the first.
    await serve({ startsAfterMs: 1500, readyAfterMs: 4000 });
    await json(`recording start ${CALL}`);
    await json(`recording stop ${CALL}`);
    await json(`recording start ${CALL}`);
    const { stdout } = await rawreel(`recording stop ${CALL}`);
    expect(stdout).not.toContain('1970');
    const next = await json(/rawreel (recording wait .*)/.exec(stdout)?.[1] ?? '');
    expect(next.filename).toBe(api.state.calls.get(CALL)?.recordings[1]?.filename);
  });

  it('one odd record costs itself, and that is said', async () => {
    await recorded();
    const [whole] = await json(`recording list ${CALL}`);
    const record = {
      filename: 'whole.zip',
      url: whole.url,
      session_id: 's',
      start_time: 1e18,
      end_time: 1.1e18,
      recording_type: 'raw',
    };
    const body = JSON.stringify({ recordings: [{ ...record, start_time: null }, record], duration: '1ms' });
    api.fault({ operation: 'ListRecordings', fault: { kind: 'otherAnswer', status: 200, body } });
    const { exitCode, stdout, stderr } = await rawreel(`recording list ${CALL}`);
    expect([exitCode, stderr]).toEqual([
      0,
      'Skipped an unusable entry: recordings.0.start_time: expected Date, received null\n',
    ]);
    expect(stdout).toContain('1 raw recording of default:standup');
  });

  it('a misspelt capability is refused with the one that was meant', async () => {
    const line = 'grants set --call-type default --role host --capabilities start-raw-recrod-call';
    const { exitCode, stderr } = await rawreel(line);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Did you mean start-raw-record-call?')]);
    expect(api.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('a request that gets no answer ends after the time that is given', async () => {
    api.fault({ operation: 'GetCallType', fault: { kind: 'latency', ms: 600_000 } });
    const line = 'settings get --call-type default --request-timeout 1s';
    expect((await rawreel(line)).exitCode).toBe(0);
    const [unanswered, ...again] = api.requests;
    expect(unanswered).toMatchObject({ operation: 'GetCallType', status: undefined });
    // More than one where the machine is so busy that an answer takes a second.
    expect(again).toContainEqual(expect.objectContaining({ operation: 'GetCallType', status: 200 }));
  });
});

describe('watching', () => {
  /** @param times how often Ctrl-C is pressed: when it records, and again when it waits */
  const watched = (times: 1 | 2) => {
    const awaited = ['quit at once', 'Waiting until'].slice(0, times);
    return rawreel(`recording watch ${CALL} --output out`, {
      onStderr: (child, stderr) => {
        if (awaited[0] !== undefined && stderr.includes(awaited[0])) {
          awaited.shift();
          child.kill('SIGINT');
        }
      },
    });
  };

  it('ends with media on the disk after the first Ctrl-C', async () => {
    const { exitCode, stdout, stderr } = await watched(1);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Stopped. Waiting until the recording is ready.');
    expect(stdout).toMatch(/^4 files in out\/ /);
    expect(mediaIn('out')).toHaveLength(4);
    for (const file of mediaIn('out')) expect(durationOf(join(folder, 'out', file))).toBeGreaterThan(29);
    expect(stdout + stderr).not.toMatch(/signature|expires=/i);
    expect(await json(`recording status ${CALL}`)).toMatchObject({ state: 'notRunning' });
  });

  it('ends at once after the second', async () => {
    await serve({ readyAfterMs: 3_600_000 });
    const { exitCode, stdout } = await watched(2);
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(await json(`recording status ${CALL}`)).toMatchObject({ state: 'notRunning' });
  });

  it('waits until it runs, and a Ctrl-C before that stops it', async () => {
    await serve({ startsAfterMs: 3000 });
    const { exitCode, stderr } = await watched(1);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Stopped. Waiting until')]);
    expect(stderr).not.toContain('The recording has ended.');
    expect(mediaIn('out')).toHaveLength(4);
    expect(phases()).toEqual(['ready']);
  });

  it('does not take a recording that is about to run for one that has ended', async () => {
    await serve({ startsAfterMs: 1500 });
    let stopping: Promise<unknown> | undefined;
    const watching = rawreel(`recording watch ${CALL} --output out --no-mix`, {
      onStderr: (_, text) => {
        if (text.includes('quit at once')) stopping ??= rawreel(`recording stop ${CALL}`);
      },
    });
    const { exitCode, stderr } = await watching;
    await stopping;
    expect(exitCode).toBe(0);
    expect(stderr.match(/has ended|Stopped/g)).toEqual(['has ended']);
    expect(phases()).toEqual(['ready']);
  });

  it('begins when somebody joins, where that is waited for', async () => {
    await serve({ seed: { calls: [{ type: 'default', id: 'standup' }] } });
    const asked = () => api.requests.filter(({ operation }) => operation === 'StartRecording');
    const watching = rawreel(`recording watch ${CALL} --output out --no-mix --wait-for-session`, {
      onStderr: (child, text) => {
        if (text.endsWith('quit at once.\n')) child.kill('SIGINT');
      },
    });
    await expect.poll(() => asked().length).toBeGreaterThan(0);
    api.join({ type: 'default', id: 'standup' }, 'ann');
    expect((await watching).exitCode).toBe(0);
    expect(phases()).toEqual(['ready']);
  });

  it('goes on by itself when somebody else stops the recording', async () => {
    let stopping: Promise<unknown> | undefined;
    const { exitCode, stdout, stderr } = await rawreel(
      `recording watch ${CALL} --output out --no-mix --json`,
      {
        onStderr: () => {
          stopping ??= rawreel(`recording stop ${CALL}`);
        },
      },
    );
    await stopping;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('The recording has ended.');
    expect(JSON.parse(stdout).report.files).toHaveLength(3);
  });
});

describe('settings', () => {
  it('a dry run prints a diff and changes nothing; then the change is made, and it alone', async () => {
    const line = 'settings set --call-type default --audio-only';
    const diff = [
      '  call type default',
      '-   raw_recording.audio_only: false',
      '+   raw_recording.audio_only: true\n',
    ];
    const before = structuredClone(api.state.callTypes.get('default'));
    const dry = await rawreel(`${line} --dry-run`);
    expect([dry.exitCode, dry.stdout]).toEqual([0, ['Would change 1 setting', ...diff].join('\n')]);
    expect(api.state.callTypes.get('default')).toEqual(before);
    expect(api.requests.filter(({ method }) => method !== 'GET')).toEqual([]);

    const made = await rawreel(line);
    expect([made.exitCode, made.stdout]).toEqual([0, ['Changed 1 setting', ...diff].join('\n')]);
    expect(await json('settings get --call-type default')).toEqual({ mode: 'available', audioOnly: true });
    const again = await rawreel(line);
    expect(again.stdout).toBe('Changed 0 settings, 1 unchanged\n  call type default: unchanged\n');
  });

  it('a call overrides its call type', async () => {
    await json(`settings set --call ${CALL} --mode disabled`);
    expect(await json(`settings get --call ${CALL}`)).toEqual({ mode: 'disabled', audioOnly: false });
    expect(await json('settings get --call-type default')).toEqual({ mode: 'available', audioOnly: false });
  });

  it('of all call types at once, with those that fail beside those that do not', async () => {
    api.fault({ operation: 'UpdateCallType', fault: { kind: 'badGateway', effect: 'done' } });
    const report = await json('settings set --all-call-types --mode auto-on --no-audio-only');
    expect(report.changed).toHaveLength(4);
    const all = await json('settings get --all-call-types');
    expect(all.map(({ settings }: { settings: object }) => settings)).toEqual(
      Array.from({ length: 4 }, () => ({ mode: 'auto-on', audioOnly: false })),
    );
    const missing = await rawreel('settings set --call-type nope --mode disabled --json');
    expect(missing.exitCode).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({
      changed: [],
      failed: [{ target: { callType: 'nope' }, error: { code: 'ERR_NOT_FOUND' } }],
    });
  });
});

describe('grants and storages', () => {
  it('grants of recording are set, and no others change', async () => {
    const line = 'grants set --call-type default --role host --capabilities';
    const change = await json(`${line} start-raw-record-call,stop-raw-record-call`);
    expect(change).toMatchObject({
      state: 'changed',
      after: ['start-raw-record-call', 'stop-raw-record-call'],
    });
    const grants = await json('grants get --call-type default');
    expect(grants.host).toEqual(['start-raw-record-call', 'stop-raw-record-call']);
    expect((await json(`${line} none`)).after).toEqual([]);
  });

  it('a storage is created with keys from stdin, checked, assigned and used', async () => {
    const keys = JSON.stringify({ id: 'AKIA', secret: 'bucket-secret' });
    const create = 'storage create archive --type s3 --bucket b --region r --path calls --credentials -';
    const created = await rawreel(create, { stdin: keys });
    expect([created.exitCode, created.stdout]).toEqual([
      0,
      expect.stringMatching(/^Storage archive created/),
    ]);
    expect(await json('storage list')).toEqual([{ name: 'archive', type: 's3', bucket: 'b', path: 'calls' }]);
    expect(await json('storage check archive')).toEqual({ fileUrl: expect.any(String) });
    expect(await json('storage assign archive --call-type default')).toEqual({ state: 'assigned' });
    expect(await json('storage unassign --call-type default')).toEqual({
      state: 'unassigned',
      before: 'archive',
    });
    expect(await json(`recording start ${CALL} --external-storage archive`)).toMatchObject({
      state: 'started',
    });
    const update = create.replace('create', 'update').replace('--bucket b', '--bucket c');
    const updated = await rawreel(update, { stdin: keys });
    expect([updated.exitCode, updated.stdout]).toEqual([
      0,
      expect.stringMatching(/^Storage archive replaced/),
    ]);
    expect(await json('storage list')).toMatchObject([{ name: 'archive', bucket: 'c' }]);
    const again = await rawreel(`${create} --verbose`, { stdin: keys });
    expect(again.exitCode).toBe(1);
    const bad = await rawreel(create, { stdin: '{ "id": "AKIA", "secrt": "bucket-secret" }' });
    expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining('--credentials has no "secret"')]);
    for (const { stdout, stderr } of [created, updated, again, bad])
      expect(stdout + stderr).not.toContain('bucket-secret');
    expect(await json('storage delete archive')).toEqual({ state: 'deleted' });
    expect(await json('storage delete archive')).toEqual({ state: 'notThere' });
    expect(await json('storage list')).toEqual([]);
  });
});

describe('secrets', () => {
  it('are in nothing that is printed, whatever goes wrong', async () => {
    const unreachable = { ...signedIn(), STREAM_BASE_URL: 'http://127.0.0.1:1' };
    const wrong = { ...signedIn(), STREAM_API_SECRET: `${api.secret}-wrong` };
    const runs = [
      await rawreel(`recording status ${CALL} --verbose`),
      await rawreel(`recording status ${CALL} --verbose`, { env: wrong }),
      await rawreel(`recording status ${CALL} --json --verbose`, { env: wrong }),
      await rawreel(`recording status ${CALL} --verbose`, { env: unreachable }),
      await rawreel(`recording status default:nope --verbose`),
      await rawreel(`recording start ${CALL} --verbose --api-secret ${api.secret} --external-storage nope`),
      await rawreel(`recording strat ${CALL} --verbose --api-secret ${api.secret}`),
      await rawreel(`recording status ${CALL} --verbose --api-secrt=${api.secret}`),
      await rawreel('auth login --verbose', { stdin: `${api.apiKey}\n${api.secret}\n` }),
      await rawreel('auth status --json --verbose', { env: {} }),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 1, 1, 1, 2, 2, 0, 0]);
    const tokens = api.requests.map(({ headers }) => String(headers.authorization));
    expect(tokens.length).toBeGreaterThan(3);
    for (const { stdout, stderr } of runs) {
      for (const secret of [api.secret, ...tokens]) expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('a login is used where nothing else is there', async () => {
    await rawreel(`auth login --base-url ${api.url}`, { stdin: `${api.apiKey}\n${api.secret}\n` });
    expect(await json(`recording status ${CALL}`, { env: {} })).toMatchObject({ state: 'notRunning' });
  });

  it('a line in the .env of a folder sends nothing to anybody', async () => {
    writeFileSync(join(folder, '.env'), `STREAM_BASE_URL=${api.url}\n`);
    await rawreel('auth login', { stdin: `${api.apiKey}\n${api.secret}\n` });
    const env = { STREAM_API_KEY: api.apiKey, STREAM_API_SECRET: api.secret };
    // Stream itself, which a test has no business with: what is nowhere to be reached stands for it.
    const node = [
      '--import',
      'data:text/javascript,globalThis.fetch=async()=>{throw new TypeError("no network")}',
    ];
    for (const given of [env, {}]) {
      const { exitCode, stderr } = await rawreel(`recording status ${CALL}`, { env: given, node });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The base URL (.env) is ignored')]);
    }
    expect(api.requests).toEqual([]);
  });

  it('a token opens the app for minutes, and was issued a little before it is sent', async () => {
    await rawreel(`recording status ${CALL}`);
    const [, payload = ''] = String(api.requests.at(-1)?.headers.authorization).split('.');
    const { server, iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect([server, exp - iat]).toEqual([true, 360]);
    expect(Math.abs(iat + 60 - Date.now() / 1000)).toBeLessThan(60);
  });

  it.each([{ HOME: '/' }, { HOME: '' }])('a user without a home (%o) is told what to do', async (home) => {
    const env = { ...home, XDG_CONFIG_HOME: '' };
    const status = await rawreel('auth status', { env });
    expect([status.exitCode, status.stderr]).toEqual([1, '']);
    expect(status.stdout).toContain('No API key');
  });

  it('a relative folder of settings is nobody’s', async () => {
    mkdirSync(join(folder, 'settings', 'rawreel'), { recursive: true });
    const file = join(folder, 'settings', 'rawreel', 'credentials.json');
    writeFileSync(file, JSON.stringify({ apiKey: 'foreign', secret: 'foreign' }), { mode: 0o600 });
    const { stdout } = await rawreel('auth status', { env: { XDG_CONFIG_HOME: 'settings' } });
    expect(stdout).toContain('No API key');
  });
});

describe("Stream's SDK", () => {
  /** Says on stderr when a file of the SDK is loaded. */
  const TELLS = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) {
      if (url.includes('/@stream-io/')) process.stderr.write('SDK loaded\\n');
      return next(url, context);
    } });`)}`;
  const loads = async (line: string) => {
    const { exitCode, stderr } = await rawreel(line, { node: ['--import', TELLS] });
    expect(exitCode).toBe(0);
    return stderr.includes('SDK loaded');
  };

  it.each([
    ['recording status default:standup', true],
    [`list-tracks --input-file ${SAMPLE} --format users`, false],
    ['recording --help', false],
    ['recording start --help', false],
    ['completion bash', false],
    ['auth logout', false],
  ])('%s: loaded %s', async (line, expected) => expect(await loads(line)).toBe(expected));
});
