import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { KEY, lifeEvent, readyEvent, SECRET } from '../builders/events.ts';
import { samplesIn } from '../builders/prometheus.ts';
import { Service, send, serveFiles, temporaryFolder } from '../builders/service.ts';

const APP = { apiKey: KEY, secret: SECRET };
const TOKEN = 'a-token-of-some-length';
const CLI = join(import.meta.dirname, '../../../cli/bin/rawreel.js');
const REGISTER = new URL('../builders/spans-to-file.mjs', import.meta.url).href;

function settings(folder: string): Record<string, string> {
  return {
    STREAM_API_KEY: KEY,
    STREAM_API_SECRET: SECRET,
    // Nobody is there: what an event tells is enough.
    STREAM_BASE_URL: 'http://127.0.0.1:9',
    RAWREEL_DATA: join(folder, 'data'),
    RAWREEL_OUTPUT: join(folder, 'media'),
    RAWREEL_API_TOKEN: TOKEN,
  };
}

const cliEnv = (url: string, token: string) => {
  const { PATH = '' } = process.env;
  return { PATH, RAWREEL_API_URL: url, RAWREEL_API_TOKEN: token };
};

/** `rawreel jobs watch` until a line has the text in it, and then Ctrl-C. */
async function watchedUntil(
  text: string,
  url: string,
): Promise<{ readonly line: string; readonly exitCode: unknown }> {
  const child = spawn(process.execPath, [CLI, 'jobs', 'watch'], {
    env: cliEnv(url, TOKEN),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    if (!line.includes(text)) continue;
    child.kill('SIGINT');
    return { line, exitCode: (await exited)[0] };
  }
  throw new Error('it ended by itself');
}

/** `rawreel jobs …` as people run it: its exit code, and what it printed. */
function jobs(words: string, url: string, token = TOKEN): Promise<string> {
  const env = cliEnv(url, token);
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, 'jobs', ...words.split(' ')], { env }, (error, stdout, stderr) =>
      resolve(`${error?.code ?? 0} ${stdout}${stderr}`),
    );
  });
}

test('from an event to a retry by hand: API, command line, metrics and spans of a real service', async () => {
  const folder = temporaryFolder();
  const spansFile = join(folder, 'spans');
  const files = await serveFiles((_, response) => response.end('<html>no archive</html>'));
  const service = new Service('serve', {
    ...settings(folder),
    NODE_OPTIONS: `--import=${REGISTER}`,
    SPANS_FILE: spansFile,
  });
  const [url, admin] = [await service.url(), await service.adminUrl()];
  expect(new URL(admin).port).not.toBe(new URL(url).port);
  const link = `${files}/rec.zip?Expires=4000000000&Signature=hush`;
  expect(await send(url, readyEvent({}, { url: link }), 'w1', APP)).toBe('200 taken');
  expect(await send(url, readyEvent(), 'w2', { ...APP, secret: 'wrong' })).toBe('401 bad-signature');
  await service.line('given up');

  const list = await jobs('list --json', admin);
  const [{ id }] = JSON.parse(list.slice(2)) as [{ id: string }];
  expect(await jobs('list --state failed', admin)).toMatch(/^0 1 recording\n\nID .*\n.* failed .* damaged: /);
  expect(await jobs(`show ${id}`, admin)).toMatch(/attempt 1 ended: given-up \(damaged\): /);
  expect(await jobs(`cancel ${id}`, admin)).toBe(
    `1 rawreel: Recording ${id} is failed\n  It has come to an end.\n`,
  );
  expect(await jobs(`retry ${id}`, admin)).toMatch(/^0 default:standup is /);
  expect(await service.line('attempt 2 failed')).toMatchObject({
    recording: id,
    attempt: 2,
    cause: 'damaged',
  });
  expect(await jobs('list', admin, 'another-token-of-length')).toMatch(/^1 rawreel: The token is not one of/);
  const started = lifeEvent('started', { call_cid: 'default:other', egress_id: 'another' });
  expect(await send(url, started, 'w3', APP)).toBe('200 taken');
  expect(await watchedUntil('default:other', admin)).toEqual({
    line: expect.stringMatching(/^\d\d:\d\d:\d\d {2}default:other {2}recording$/),
    exitCode: 130,
  });
  const shown = await (
    await fetch(`${admin}/api/v1/recordings/${id}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  ).text();

  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(Object.fromEntries(samplesIn(metrics))).toMatchObject({
    'rawreel_events_total{type="call.recording_ready",status="200",code="taken"}': 1,
    'rawreel_events_total{type="none",status="401",code="bad-signature"}': 1,
    'rawreel_attempt_failures_total{cause="damaged"}': 2,
    'rawreel_stage_duration_seconds_count{stage="downloading"}': 2,
    'rawreel_recordings{state="failed"}': 1,
    rawreel_ledger_up: 1,
  });
  for (const path of ['/metrics', '/api/v1/recordings', '/api/v1/openapi.json'])
    expect((await fetch(new URL(path, url))).status).toBe(404);

  expect(await service.stop()).toBe(0);
  const spans = readFileSync(spansFile, 'utf8');
  const attempts = spans.split('\n').filter((line) => line.includes('"name":"rawreel.attempt"'));
  expect(attempts.map((line) => JSON.parse(line).attributes)).toMatchObject(
    [1, 2].map((attempt) => ({
      'rawreel.recording': id,
      'rawreel.attempt': attempt,
      'rawreel.call': 'default:standup',
      'error.type': 'damaged',
    })),
  );
  for (const name of ['rawreel.event', 'rawreel.downloading', 'rawreel.look'])
    expect(spans).toContain(`"name":"${name}"`);
  for (const said of [service.told, list, shown, metrics, spans])
    for (const secret of ['hush', 'Signature', SECRET, TOKEN]) expect(said).not.toContain(secret);
});

test('a worker has its own; a port that is taken says which setting, and what was begun is ended', async () => {
  const folder = temporaryFolder();
  const first = new Service('work', settings(folder));
  const admin = await first.adminUrl();
  expect((await fetch(`${admin}/readyz`)).status).toBe(200);
  const second = new Service('receive', { ...settings(folder), RAWREEL_ADMIN_PORT: new URL(admin).port });
  expect(await second.exitCode()).toBe(1);
  expect(second.stderr).toBe(
    `rawreel-webhook: It cannot listen on 127.0.0.1:${new URL(admin).port} (EADDRINUSE). Another program has that port, maybe another rawreel-webhook: set RAWREEL_ADMIN_PORT to one that is free\n`,
  );
  // The receiver's port is looked for last: what came before it does not keep the process.
  const third = new Service('receive', { ...settings(folder), RAWREEL_PORT: new URL(admin).port });
  expect(await third.exitCode()).toBe(1);
  expect(third.stderr).toContain('set RAWREEL_PORT to one that is free');
  const off = new Service('receive', {
    ...settings(folder),
    RAWREEL_ADMIN_PORT: 'off',
    RAWREEL_LOG_LEVEL: 'debug',
  });
  await off.url();
  expect(off.lines.map(({ text }) => text).join('\n')).not.toContain('metrics');
  expect([await off.stop(), await first.stop()]).toEqual([0, 0]);
});
