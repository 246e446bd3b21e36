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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawreel, type Stage } from './fakes.ts';

const SECRET = 'rawreel-test-secret';
const SIGNED_IN: Stage = { env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: SECRET } };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-control-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

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
