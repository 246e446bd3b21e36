import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { RecordingControl } from '@rawreel/recording-control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timeLeft } from '../src/stream/recording-table.ts';
import { CodedError, INTERRUPTED, LISTED, rawreel, report, START, type Stage } from './fakes.ts';

const SECRET = 'rawreel-test-secret';
const SIGNED_IN: Stage = { env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: SECRET } };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-control-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ask = (line: string, stage: Stage = {}) => rawreel(line.split(' '), { ...SIGNED_IN, ...stage });

describe('what makes no sense is exit 2 before anything is sent', () => {
  const cases: [string, RegExp][] = [
    ['recording start', /missing required argument 'type:id'/],
    ['recording start standup', /"standup" is no call/],
    ['recording start default:a/b', /holds a slash/],
    ['recording start default:standup more', /"more" is not an option or command/],
    ['recording strat default:standup', /Did you mean start\?/],
    ['recording start default:standup --external-storage=', /--external-storage is empty/],
    ['recording list default:standup --type composite', /raw, all/],
    ['recording wait default:standup --since yesterday', /--since takes a time such as 2026-11-20T09:30:00Z/],
    ['recording wait default:standup --since 2026-11-20', /not "2026-11-20"/],
    ['recording wait default:standup --ended-since now', /--ended-since takes a time such as/],
    ['recording wait default:standup --timeout 5', /--timeout takes a duration such as 90s/],
    ['recording wait default:standup --timeout 25d', /up to 24d, not "25d"/],
    ['recording start default:standup --request-timeout 0s', /--request-timeout takes a duration/],
    ['recording start default:standup --wait-for-session=soon', /--wait-for-session takes a duration/],
    ['recording sweep --download', /--output is missing/],
    ['recording sweep --download --delete', /--download and --delete cannot be used together/],
    ['recording sweep --download --output s3://b/p', /With --process, media files may go/],
    ['recording sweep --process --type all --output o', /--process is for raw recordings/],
    ['recording sweep --parallel 0', /--parallel takes a whole number from 1 to 99/],
    ['recording sweep --delete', /cannot ask for confirmation/],
    [
      'recording sweep --since 2026-11-20T00:00:00Z --until 2026-11-20T00:00:00Z',
      /--since is not before --until/,
    ],
    ['storage unassign', /--call-type is missing/],
    ['recording download default:standup --output o', /no recording selected/],
    ['recording download default:standup --latest', /--output is missing/],
    [
      'recording download default:standup --latest --all --output o',
      /--latest and --all cannot be used together/,
    ],
    ['recording download default:standup --latest --output s3://b/p', /With --process, media files may go/],
    ['recording delete default:standup --all --filename a', /--all and --filename cannot be used together/],
    ['recording delete default:standup --latest', /cannot ask for confirmation/],
    ['recording watch default:standup', /--output is missing/],
    ['settings get', /no call or call type selected/],
    ['settings get --call a:b --call-type c', /--call and --call-type cannot be used together/],
    ['settings set --call-type c', /nothing to set/],
    ['settings set --call-type c --mode auto_on', /disabled, available, auto-on/],
    ['settings set --call standup --mode disabled', /"standup" is no call/],
    ['storage create a --type s3 --bucket b', /--region is missing/],
    ['storage create a --type gcs --bucket b', /--credentials is missing/],
    ['storage create a --type gcs --bucket b --region r', /--region is for s3/],
    ['storage assign a', /--call-type is missing/],
    ['grants get', /--call-type is missing/],
    ['grants set --call-type c --role r', /--capabilities is missing/],
    ['settings get --all-call-types --api-secret=', /--api-secret is empty/],
  ];
  it.each(cases)('%s', async (line, says) => {
    const { exitCode, stdout, stderr } = await ask(line);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });

  it('the value of an option that a command does not have is not repeated: it may be a secret', async () => {
    const { stderr } = await rawreel(['list-tracks', `--api-secret=${SECRET}`]);
    expect(stderr).toMatch(/unknown option '--api-secret'/);
    expect(stderr).not.toContain(SECRET);
  });
});

describe('credentials', () => {
  const used = async (line: string, stage: Stage) =>
    (
      await rawreel(line.split(' '), {
        workingFolder: folder,
        configFolder: join(folder, 'config'),
        ...stage,
      })
    ).told.credentials;
  const login = (stage: Stage, ...args: string[]) =>
    rawreel(['auth', 'login', ...args], { configFolder: join(folder, 'config'), ...stage });

  it('come from the command line, then the environment, then .env, then the login', async () => {
    await login({ stdin: 'login-key\nlogin-secret\n' });
    expect(await used('storage list', {})).toEqual({ apiKey: 'login-key', secret: 'login-secret' });
    writeFileSync(
      join(folder, '.env'),
      'STREAM_API_KEY="file-key"\nSTREAM_API_SECRET=file-secret # of the app\nSTREAM_BASE_URL=http://127.0.0.1:1\n',
    );
    const baseUrl = 'http://127.0.0.1:1';
    expect(await used('storage list', {})).toEqual({ apiKey: 'file-key', secret: 'file-secret', baseUrl });
    const env = { STREAM_API_KEY: 'env-key', STREAM_API_SECRET: 'env-secret', STREAM_BASE_URL: '' };
    expect(await used('storage list', { env })).toEqual({ apiKey: 'env-key', secret: 'env-secret' });
    const flags = 'storage list --api-key flag-key --api-secret flag-secret';
    expect(await used(flags, { env })).toEqual({ apiKey: 'flag-key', secret: 'flag-secret' });
    expect(await used(`${flags} --base-url ${baseUrl}`, { env })).toEqual({
      apiKey: 'flag-key',
      secret: 'flag-secret',
      baseUrl,
    });
  });

  describe('a base URL counts only from the place of key and secret', () => {
    const FOREIGN = 'http://127.0.0.1:6666';
    const own = { STREAM_API_KEY: 'env-key', STREAM_API_SECRET: SECRET };
    /** What is done beforehand, the options, the environment. */
    const cases: [string, () => unknown, string, Stage['env']][] = [
      ['.env, with the environment', () => dotEnv(`STREAM_BASE_URL=${FOREIGN}`), '', own],
      ['.env, with the login', () => dotEnv(`STREAM_BASE_URL=${FOREIGN}`), '', {}],
      [
        '.env that has a key, with a secret of the environment',
        () => dotEnv(`STREAM_API_KEY=env-key\nSTREAM_BASE_URL=${FOREIGN}`),
        '',
        { STREAM_API_SECRET: SECRET },
      ],
      [
        '.env that has the key of the login',
        () => dotEnv(`STREAM_API_KEY=login-key\nSTREAM_BASE_URL=${FOREIGN}`),
        '',
        {},
      ],
      [
        'an environment that has another app',
        () => undefined,
        '--api-key flag-key --api-secret flag-secret',
        { ...own, STREAM_BASE_URL: FOREIGN },
      ],
      ['an environment without a secret', () => undefined, '', { STREAM_BASE_URL: FOREIGN }],
      ['the command line, with the environment', () => undefined, `--base-url ${FOREIGN}`, own],
    ];
    const dotEnv = (text: string) => writeFileSync(join(folder, '.env'), `${text}\n`);

    it.each(cases)('not %s', async (_, prepare, options, env) => {
      await login({ stdin: 'login-key\nlogin-secret\n' });
      prepare();
      const stage = { workingFolder: folder, configFolder: join(folder, 'config'), env: env ?? {} };
      const words = options.split(' ').filter(Boolean);
      const { exitCode, stderr, told } = await rawreel(['storage', 'list', ...words], stage);
      expect(exitCode).toBe(0);
      expect(told.credentials).not.toHaveProperty('baseUrl', FOREIGN);
      expect(stderr).toMatch(/^The base URL \(.*\) is ignored: .*See rawreel auth status\n$/);
      const status = await rawreel(['auth', 'status', ...words], stage);
      expect(status.stdout).toMatch(/^Server: Stream$/m);
      expect(status.stdout).toMatch(
        /^Ignored: server http:\/\/127\.0\.0\.1:6666 \(.*\): a base URL is used only/m,
      );
      const json = await rawreel(['auth', 'status', '--json', ...words], stage);
      expect(JSON.parse(json.stdout)).toMatchObject({
        baseUrl: null,
        ignored: [{ baseUrl: { value: FOREIGN } }],
      });
    });

    it('that of the login is stored with it, also where the stored key is named', async () => {
      await login({ stdin: 'login-key\nlogin-secret\n' }, '--base-url', 'https://stream.example/');
      for (const line of ['storage list', 'storage list --api-key login-key']) {
        expect(await used(line, {})).toEqual({
          apiKey: 'login-key',
          secret: 'login-secret',
          baseUrl: 'https://stream.example/',
        });
      }
    });
  });

  it.each([
    ['http://example.com', 'example.com is not asked over https'],
    ['http://127.0.0.1.example.com', '127.0.0.1.example.com is not asked over https'],
    ['http://localhost.example.com', 'is not asked over https'],
    ['ftp://127.0.0.1', 'is not asked over https'],
    ['https://user:hunter2@example.com', 'holds a user name or a password'],
    ['user:hunter2@example.com', 'is not asked over https'],
    ['https://example.com/?token=hunter2', 'it has a query'],
    ['hunter2', 'it is no URL'],
  ])('a base URL %s is refused, and no secret in it told', async (baseUrl, says) => {
    const stage = { env: { ...SIGNED_IN.env, STREAM_BASE_URL: baseUrl } };
    const status = await rawreel(['auth', 'status'], stage);
    expect([status.exitCode, status.stdout]).toEqual([1, expect.stringContaining(says)]);
    const json = await rawreel(['auth', 'status', '--json', '--verbose'], stage);
    expect(JSON.parse(json.stdout).refused).toMatchObject({ code: 'ERR_UNSAFE_BASE_URL' });
    const stored = await login({ stdin: 'k\ns\n' }, '--base-url', baseUrl);
    expect([stored.exitCode, stored.stderr]).toEqual([1, expect.stringContaining(says)]);
    expect(readdirSync(folder)).toEqual([]);
    if (baseUrl === 'hunter2') return;
    for (const { stdout, stderr } of [status, json, stored]) expect(stdout + stderr).not.toContain('hunter2');
  });

  it.each([
    [0o644, 'mode 644'],
    [0o620, 'mode 620'],
    [0o604, 'mode 604'],
  ])('a login that others can read (%o) is refused with the command that mends it', async (mode, says) => {
    await login({ stdin: 'login-key\nlogin-secret\n' });
    const path = join(folder, 'config', 'credentials.json');
    chmodSync(path, mode);
    const stage = { workingFolder: folder, configFolder: join(folder, 'config') };
    for (const line of ['storage list', 'auth status']) {
      const { exitCode, stderr } = await rawreel(line.split(' '), stage);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(says)]);
      expect(stderr).toContain(`chmod 600 ${path}`);
      expect(stderr).not.toContain('login-secret');
    }
    expect(await used('storage list', SIGNED_IN)).toMatchObject({ apiKey: 'key' });
    chmodSync(path, 0o600);
    expect(await used('storage list', {})).toMatchObject({ apiKey: 'login-key' });
  });

  it('a login that another user has written is refused', async () => {
    await login({ stdin: 'login-key\nlogin-secret\n' });
    const { exitCode, stderr } = await rawreel(['storage', 'list'], {
      workingFolder: folder,
      configFolder: join(folder, 'config'),
      userId: (process.geteuid?.() ?? 0) + 1,
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('belongs to another user')]);
    expect(stderr).toContain('sudo chown');
  });

  it('a user without a home is told where a login cannot be stored', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const configFolder of ['none', join(folder, 'file')]) {
      const { exitCode, stderr } = await login({ stdin: 'k\ns\n', configFolder });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('the login cannot be stored')]);
      expect(stderr).toContain('Set HOME or XDG_CONFIG_HOME');
      const status = await rawreel(['auth', 'status'], { workingFolder: folder, configFolder });
      expect([status.exitCode, status.stderr]).toEqual([1, '']);
      expect((await rawreel(['auth', 'logout'], { configFolder })).stdout).toBe('No login was stored\n');
    }
  });

  it('the stored secret goes with the stored key only', async () => {
    await login({ stdin: 'login-key\nlogin-secret\n' });
    expect(await used('storage list --api-key login-key', {})).toMatchObject({ secret: 'login-secret' });
    const { exitCode, stderr } = await rawreel(['storage', 'list', '--api-key', 'other'], {
      workingFolder: folder,
      configFolder: join(folder, 'config'),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no secret found for the API key other');
  });

  it('that are nowhere are asked for in words that can be followed', async () => {
    const { exitCode, stdout } = await rawreel(['storage', 'list', '--json'], { workingFolder: folder });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'ERR_NO_CREDENTIALS',
      hint: expect.stringContaining('rawreel auth login'),
    });
  });

  it('a folder named .env, as Python has it, is none', async () => {
    mkdirSync(join(folder, '.env'));
    expect(await used('storage list', SIGNED_IN)).toMatchObject({ apiKey: 'key' });
  });

  it('auth login keeps them for this user alone', async () => {
    const { exitCode, stdout } = await login({ stdin: `my-key\n${SECRET}\n` });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Stored key my-key and its secret');
    const config = join(folder, 'config');
    expect(readdirSync(config)).toEqual(['credentials.json']);
    expect(statSync(config).mode & 0o777).toBe(0o700);
    expect(statSync(join(config, 'credentials.json')).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain(SECRET);
  });

  it('auth login takes the secret alone where the key is given', async () => {
    await login({ stdin: SECRET }, '--api-key', 'my-key');
    expect(JSON.parse(readFileSync(join(folder, 'config', 'credentials.json'), 'utf8'))).toEqual({
      apiKey: 'my-key',
      secret: SECRET,
    });
  });

  it('auth login asks on a terminal, and does not show the secret', async () => {
    const { exitCode, stdout, stderr } = await login({ typed: ['my-key', SECRET], stderrColumns: 80 });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('API key: ');
    expect(stderr).toContain('API secret (not shown): ');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(await used('storage list', {})).toEqual({ apiKey: 'my-key', secret: SECRET });
  });

  it('auth login without a secret stores nothing', async () => {
    const { exitCode, stderr } = await login({ stdin: 'my-key\n' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('one per line');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('auth status names the places and no secret; auth logout removes what is stored', async () => {
    const stage = { workingFolder: folder, configFolder: join(folder, 'config') };
    await login({ stdin: `my-key\n${SECRET}\n` });
    const status = await rawreel(['auth', 'status'], stage);
    expect(status.stdout).toBe('API key my-key (auth login)\nSecret found (auth login)\nServer: Stream\n');
    const json = await rawreel(['auth', 'status', '--json', '--api-key', 'other'], stage);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({
      apiKey: { value: 'other', from: 'command line' },
      secret: null,
      baseUrl: null,
      ignored: [],
    });
    expect((await rawreel(['auth', 'logout'], stage)).stdout).toBe('Removed the stored login\n');
    expect((await rawreel(['auth', 'logout'], stage)).stdout).toBe('No login was stored\n');
    expect((await rawreel(['auth', 'status'], stage)).stdout).toBe('No API key\nNo secret\nServer: Stream\n');
  });

  it('a stored file that is broken is told without a piece of it', async () => {
    await login({ stdin: 'my-key\nx\n' });
    writeFileSync(join(folder, 'config', 'credentials.json'), `{ "secret": "${SECRET}`);
    const { exitCode, stderr } = await rawreel(['storage', 'list', '--verbose'], {
      workingFolder: folder,
      configFolder: join(folder, 'config'),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Store them again: rawreel auth login');
    expect(stderr).not.toContain(SECRET);
  });
});

describe('which recordings', () => {
  const at = (minute: number, facts: object) => ({
    ...LISTED,
    startTime: new Date(START + minute * 60_000),
    endTime: new Date(START + minute * 60_000 + 30_000),
    ...facts,
  });
  const recordings = [
    at(0, { session: 's-1', filename: 'one.zip' }),
    at(5, { session: 's-1', filename: 'two.zip' }),
    at(9, { session: 's-2', filename: 'one.zip' }),
  ];
  const control = { list: async () => recordings };
  const deleted = async (choice: string, stage: Stage = {}) => {
    const { stdout } = await ask(`recording delete default:standup --yes --json ${choice}`, {
      control,
      ...stage,
    });
    return JSON.parse(stdout);
  };
  const names = async (choice: string) =>
    (await deleted(choice)).map(({ session, filename }: typeof LISTED) => `${session} ${filename}`);

  it('are chosen by --latest, --all, --session and --filename', async () => {
    expect(await names('--latest')).toEqual(['s-2 one.zip']);
    expect(await names('--all')).toHaveLength(3);
    expect(await names('--session s-1')).toEqual(['s-1 one.zip', 's-1 two.zip']);
    expect(await names('--filename two.zip')).toEqual(['s-1 two.zip']);
    expect(await names('--filename one.zip --session s-2')).toEqual(['s-2 one.zip']);
  });

  it('that two sessions share a name are not guessed at', async () => {
    expect((await deleted('--filename one.zip')).error).toMatchObject({ code: 'ERR_AMBIGUOUS_RECORDING' });
  });

  it('that are not there are an error with the closest name', async () => {
    expect((await deleted('--filename tow.zip')).error).toEqual({
      code: 'ERR_NO_SUCH_RECORDING',
      message: 'no raw recording of default:standup has the name "tow.zip"',
      hint: 'Did you mean "two.zip"?\nList all: rawreel recording list default:standup',
    });
    expect((await deleted('--all', { control: { list: async () => [] } })).error.message).toBe(
      'no raw recording of default:standup is ready',
    );
  });

  it('two sessions with one file name are downloaded into a folder each', async () => {
    const { stdout } = await ask('recording download default:standup --all --output calls', { control });
    expect(stdout).toBe(
      [
        '3 recordings in calls/ (3.9 MB)',
        '  1.3 MB  calls/s-1/one.zip',
        '  1.3 MB  calls/two.zip',
        '  1.3 MB  calls/s-2/one.zip\n',
      ].join('\n'),
    );
  });

  it.each(['..', '../up.zip', '/etc/passwd', 'a\\b', ''])(
    'a name of "%s" leads nowhere',
    async (filename) => {
      const { exitCode, stderr, told } = await ask(
        'recording download default:standup --latest --output calls',
        {
          control: { list: async () => [{ ...LISTED, filename }] },
        },
      );
      expect([exitCode, told.downloaded]).toEqual([1, undefined]);
      expect(stderr).toContain('is not a safe file name');
    },
  );
});

describe('deleting', () => {
  const LINE = 'recording delete default:standup --latest';

  it('asks on a terminal, and takes only a yes for one', async () => {
    const yes = await ask(LINE, { typed: ['y'], stderrColumns: 80 });
    expect([yes.exitCode, yes.stdout]).toEqual([
      0,
      'Deleted 1 recording of default:standup\n  standup.zip\n',
    ]);
    expect(yes.stderr).toContain('Delete 1 recording of default:standup for good? [y/N]');
    for (const answer of ['', 'n', 'ja']) {
      const { exitCode, stdout, stderr } = await ask(LINE, { typed: [answer], stderrColumns: 80 });
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain('nothing was deleted');
    }
  });

  it('Ctrl-C at the question is an interruption, and deletes nothing', async () => {
    const { exitCode, stdout, stderr } = await ask(LINE, { typed: ['\u0003'], stderrColumns: 80 });
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(stderr).toContain('interrupted; nothing was done');
  });

  it('goes on after one that fails, and says so', async () => {
    const control = {
      list: async () => [LISTED, { ...LISTED, filename: 'other.zip' }],
      delete: async (_call: object, { filename }: { filename: string }) => {
        if (filename === 'other.zip') return { state: 'notThere' as const };
        throw new CodedError('ERR_NOT_PERMITTED', 'standup.zip cannot be deleted', 'Ask somebody.');
      },
    };
    const line = 'recording delete default:standup --all --yes';
    const { exitCode, stdout, stderr } = await ask(line, { control });
    expect(exitCode).toBe(1);
    expect(stdout).toBe('Deleted 1 of 2 recordings of default:standup\n  other.zip (already deleted)\n');
    expect(stderr).toBe('rawreel: standup.zip cannot be deleted\n  Ask somebody.\n');
    const json = await ask(`${line} --json`, { control });
    expect(JSON.parse(json.stdout)).toEqual([
      {
        session: 's-1',
        filename: 'standup.zip',
        state: 'failed',
        error: { code: 'ERR_NOT_PERMITTED', message: 'standup.zip cannot be deleted', hint: 'Ask somebody.' },
      },
      { session: 's-1', filename: 'other.zip', state: 'notThere' },
    ]);
  });
});

describe('what is said', () => {
  it.each([
    [
      'recording start default:standup',
      /^Recording of default:standup started\n.*--since 2026-11-20T09:30:00Z$/m,
    ],
    [
      'recording stop default:standup',
      /^Recording of default:standup stopped\n {2}Until it is ready: rawreel recording wait default:standup --ended-since 2026-11-20T09:31:00Z\n$/,
    ],
    [
      'recording status default:standup',
      /^default:standup is not being recorded\n {2}mode available, sound and pictures · not in a backstage · session s-1\n$/,
    ],
    ['recording go-live default:standup', /^default:standup is live, and its recording has started\n$/],
    ['recording stop-live default:standup', /^default:standup is back in its backstage\n$/],
    ['settings get --call-type default', /^CALL OR TYPE +MODE +AUDIO ONLY\ndefault +available +no\n$/],
    ['grants get --call-type default', /^ROLE.*\nhost +start-raw-record-call\nguest +nothing\n$/],
    ['storage list', /^No storages of your own\n$/],
    ['storage assign archive --call-type default', /now go to archive \(before: Stream's own storage/],
  ])('%s', async (line, says) => {
    const { exitCode, stdout, stderr } = await ask(line);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(says);
  });

  it('states are said, and are no errors', async () => {
    const control = {
      start: async () => ({ state: 'alreadyRunning' as const, since: undefined }),
      stop: async () => ({ state: 'notRunning' as const, endedSince: undefined }),
    };
    const started = await ask('recording start default:standup', { control });
    expect([started.exitCode, started.stdout]).toEqual([0, 'default:standup is being recorded already\n']);
    const stopped = await ask('recording stop default:standup --json', { control });
    expect([stopped.exitCode, JSON.parse(stopped.stdout)]).toEqual([0, { state: 'notRunning' }]);
  });

  it('an error of Stream is one line, and a line with what to do', async () => {
    const control = {
      start: () => Promise.reject(new CodedError('ERR_RECORDING_DISABLED', 'it is off', 'Set the mode.')),
    };
    const { exitCode, stderr } = await ask('recording start default:standup', { control });
    expect([exitCode, stderr]).toEqual([1, 'rawreel: it is off\n  Set the mode.\n']);
  });

  it('a listing of everything has a column for the type, and a narrow one names what it lacks', async () => {
    const { stdout, stderr } = await ask('recording list default:standup --type all', { stdoutColumns: 50 });
    const titles = stripVTControlCharacters(stdout).split('\n').slice(2, 4);
    expect(titles).toEqual(['SESSION', ' FILENAME     TYPE  LENGTH  LINK']);
    expect(stderr).toBe('Hidden columns (use a wider terminal or --json): STARTED\n');
  });

  it('a listing is never wider than the terminal, and says how long each link holds', async () => {
    const entry = {
      ...LISTED,
      session: '36be5ea6-b09f-41ae-a142-c7d8a69d9934',
      filename: 'rec_default_standup_raw_1795736010199.zip',
    };
    const control = { list: async () => [entry, { ...entry, filename: 'b.zip' }] };
    for (let columns = 50; columns <= 160; columns++) {
      const { stdout } = await ask('recording list default:standup', { stdoutColumns: columns, control });
      const lines = stripVTControlCharacters(stdout).split('\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
      if (columns >= 66) expect(stdout).toContain('LINK');
      for (const id of [entry.session, entry.filename]) expect(stdout).toContain(id);
    }
  });

  it.each([
    [undefined, '-'],
    [-1, 'expired'],
    [0, 'expired'],
    [59_000, 'less than a minute left'],
    [119_000, '1 min left'],
    [47.9 * 3_600_000, '47 h left'],
    [13.99 * 86_400_000, '13 days left'],
  ])('a link that holds %s ms longer: %s', (left, says) => {
    const now = START;
    expect(timeLeft(left === undefined ? undefined : new Date(now + left), now)).toBe(says);
  });
});

describe('making media of a recording at Stream', () => {
  const LINE = 'recording download default:standup --latest --process --output out';

  it('reads it behind its link, through the cache, and makes what process-all makes', async () => {
    const { exitCode, stdout, told } = await ask(`${LINE} --cache-dir /tmp/rawreel-test-cache`, {
      transferred: 1_200_000,
    });
    expect(exitCode).toBe(0);
    expect(told.opened?.path).toBe(LISTED.url);
    expect(told.opened?.options?.remote).toMatchObject({
      cacheFolder: '/tmp/rawreel-test-cache',
      keep: true,
    });
    expect(told.request).toEqual({
      outputs: ['audio', 'video', 'muxed', 'mix'],
      gaps: 'fill',
      dtx: 'fill',
      align: 'track',
    });
    expect(told.ran).toMatchObject({ output: 'out', resume: 'keep' });
    expect(stdout).toContain('1 file in out/');
  });

  it('--no-mix leaves the mix out; damage is exit 3, a missing file 1', async () => {
    const { told } = await ask(`${LINE} --no-mix`);
    expect(told.request?.outputs).toEqual(['audio', 'video', 'muxed']);
    expect((await ask(LINE, { report: report({ damaged: true }) })).exitCode).toBe(3);
    expect((await ask(`${LINE} --accept-damage`, { report: report({ damaged: true }) })).exitCode).toBe(0);
    expect((await ask(LINE, { report: report({ files: [] }) })).exitCode).toBe(1);
  });

  it('--json has each recording, without the link that opens it, and its report', async () => {
    const control = { list: async () => [LISTED, { ...LISTED, filename: 'other.zip' }] };
    const { stdout } = await ask(`${LINE.replace('latest', 'all')} --json`, { control });
    const all = JSON.parse(stdout);
    expect(all.map(({ recording }: { recording: typeof LISTED }) => recording.filename)).toEqual([
      'standup.zip',
      'other.zip',
    ]);
    expect(all[0].report.files).toHaveLength(1);
    expect(stdout).not.toContain('5ec7e7');
  });
});

describe('watching', () => {
  const LINE = 'recording watch default:standup --output out';

  /** Not yet when it is looked at first, then running, then no more. */
  const runsOnce = (): RecordingControl['status'] => {
    const states = ['notRunning', 'starting', 'running'] as const;
    let looks = 0;
    return async (call) => ({
      call,
      state: states[looks++] ?? 'notRunning',
      isBackstage: false,
      isEncrypted: false,
      session: 's-1',
      settings: { mode: 'available', audioOnly: false },
      seenAt: new Date(START),
    });
  };

  it('one that has run between two looks has ended', async () => {
    const states = ['notRunning', 'starting'] as const;
    let looks = 0;
    const status: RecordingControl['status'] = async (call) => ({
      ...(await runsOnce()(call)),
      state: states[looks++] ?? 'notRunning',
    });
    const { exitCode, stderr } = await ask(LINE, { control: { status } });
    expect([exitCode, looks]).toEqual([0, 3]);
    expect(stderr).toContain('The recording has ended. Waiting until it is ready.');
  });

  it('one that is never seen running is stopped, and told', async () => {
    let looks = 0;
    const asked: string[] = [];
    const status: RecordingControl['status'] = async (call) => ({
      ...(await runsOnce()(call)),
      seenAt: new Date(START + 60_000 * looks++),
    });
    const stop: RecordingControl['stop'] = async () => {
      asked.push('stop');
      return { state: 'notRunning', endedSince: undefined };
    };
    const { exitCode, stderr } = await ask(LINE, { control: { status, stop } });
    expect([exitCode, asked]).toEqual([1, ['stop']]);
    expect(stderr).toContain('default:standup was asked to be recorded, but no recording started');
  });

  it('goes on by itself when the recording has ended', async () => {
    const { exitCode, stdout, stderr } = await ask(LINE, { control: { status: runsOnce() } });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Recording default:standup\. Press Ctrl-C to stop/);
    expect(stderr).toContain('The recording has ended. Waiting until it is ready.');
    expect(stdout).toContain('1 file in out/');
  });

  /** Recorded until somebody interrupts. */
  const interrupted = (reason: object, more: Stage['control'] = {}) => {
    const interruption = new AbortController();
    const asked: string[] = [];
    const control: Stage['control'] = {
      status: async (call) => {
        interruption.abort(reason);
        return {
          call,
          state: 'running',
          isBackstage: false,
          isEncrypted: false,
          seenAt: new Date(START),
          session: 's-1',
          settings: { mode: 'available', audioOnly: false },
        };
      },
      stop: async () => {
        asked.push('stop');
        return { state: 'stopped', endedSince: new Date(START) };
      },
      ...more,
    };
    return ask(LINE, { interruption, control }).then((outcome) => ({ ...outcome, asked }));
  };

  it('the first Ctrl-C stops the recording, and the files are made all the same', async () => {
    const { exitCode, stdout, stderr, asked, told } = await interrupted(INTERRUPTED);
    expect([exitCode, asked]).toEqual([0, ['stop']]);
    expect(stderr).toContain('Stopped. Waiting until the recording is ready.');
    expect(stdout).toContain('1 file in out/');
    expect(told.ran?.signal?.aborted).toBe(false);
  });

  it('what fails after it is told as what it is', async () => {
    const { exitCode, stderr } = await interrupted(INTERRUPTED, {
      waitUntilReady: () => Promise.reject(new CodedError('ERR_UNREACHABLE', 'no network', 'Check it.')),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('rawreel: no network\n  Check it.\n');
  });

  it('a termination leaves at once, and says that the recording runs on', async () => {
    const { exitCode, stderr, asked } = await interrupted({ signalName: 'SIGTERM', exitCode: 143 });
    expect([exitCode, asked]).toEqual([143, []]);
    expect(stderr).toContain('default:standup is still being recorded');
    expect(stderr).toContain('rawreel recording stop default:standup');
  });

  it('one that runs already is followed, and told from those listed before', async () => {
    const waited: unknown[] = [];
    const { stderr } = await ask(LINE, {
      control: {
        status: runsOnce(),
        start: async () => ({ state: 'alreadyRunning', since: undefined }),
        waitUntilReady: async (_call, options) => {
          waited.push(options);
          return { ...LISTED, isInferred: true };
        },
      },
    });
    expect(stderr).toMatch(/^Already recording default:standup\./);
    expect(waited).toMatchObject([{ taken: [{ filename: 'standup.zip' }], endedSince: new Date(START) }]);
  });
});
