import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { expect, onTestFinished, test } from 'vitest';
import { API_ERRORS } from '../src/admin/api-error.ts';
import { OPENAPI } from '../src/admin/openapi.ts';
import { APP_VARIABLES, VARIABLES } from '../src/config/config.ts';
import { freePort } from './builders/free-port.ts';

const README = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const APP = { STREAM_API_KEY: 'rawreel-key', STREAM_API_SECRET: 'rawreel-secret' };
const SEED = { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] };

/** The program of a section, and what the README says that it prints. */
function exampleOf(heading: string): { readonly program: string; readonly printed: string } {
  const section = README.slice(README.indexOf(`\n## ${heading}\n`));
  const [, program = '', printed = ''] = /```m?ts\n(.*?)```.*?```\n(.*?)```/s.exec(section) ?? [];
  return { program, printed };
}

/** Runs a program as somebody does who has copied it; its lines, once it listens, and the port. */
async function run(program: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-readme-'));
  // PostgreSQL runs as another user where this is root.
  chmodSync(folder, 0o755);
  const script = join(folder, 'example.mts');
  const packages = ['express', '@rawreel/jobs', '@rawreel/recording-control'];
  const text = packages
    .reduce((text, name) => text.replace(`'${name}'`, `'${import.meta.resolve(name)}'`), program)
    .replace("'rawreel-webhook'", `'${new URL('../src/index.ts', import.meta.url).href}'`)
    .concat("\nserver.on('listening', () => console.log((server.address() as { port: number }).port));\n");
  writeFileSync(script, text);
  const child = spawn(process.execPath, [script], {
    cwd: folder,
    env: { ...process.env, ...APP, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  return { port: await line(), line };
}

test('the example of an Express app receives a recording, and prints what the README says', async () => {
  const { program, printed } = exampleOf('In your own Express app');
  const { port, line } = await run(program);
  const api = await startStreamApi({
    now: () => 1_795_736_010_199,
    webhookUrl: `http://127.0.0.1:${port}/webhooks/stream`,
    seed: SEED,
  });
  onTestFinished(() => api.stop());
  expect([api.apiKey, api.secret]).toEqual([APP.STREAM_API_KEY, APP.STREAM_API_SECRET]);
  const call = new StreamClient(api.apiKey, api.secret, { basePath: api.url }).video.call(
    'default',
    'standup',
  );
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(0);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  const lines: string[] = [];
  while (lines.length < 4) lines.push(await line());
  expect(`${lines.join('\n')}\n`).toBe(printed);
});

test('the example of all of it in an Express app makes the files and calls its function', async () => {
  const { program, printed } = exampleOf('In your own Express app, all of it');
  const port = String(await freePort());
  const api = await startStreamApi({ webhookUrl: `http://127.0.0.1:${port}/webhooks/stream`, seed: SEED });
  onTestFinished(() => api.stop());
  const { line } = await run(program, { PORT: port, STREAM_BASE_URL: api.url });
  const { video } = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  const call = video.call('default', 'standup');
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(1000);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(10_000);
  const withoutPlaceAndTime = (text: string) =>
    text.replace(/\/.*\/media/, '/media').replace(/\d{4}-\d\d-\d\dT[\d.-]+Z/, 'time');
  expect(withoutPlaceAndTime(`${await line()}\n`)).toBe(withoutPlaceAndTime(printed));
});

test('every setting, every path of the API and every code of its errors is in a table', () => {
  const cells = README.split('\n').filter((line) => line.startsWith('|'));
  const table = cells.join('\n');
  for (const [setting, { name }] of Object.entries(VARIABLES))
    expect(table).toMatch(new RegExp(`\`${setting}\`.*\`${name}\``));
  for (const name of Object.values(APP_VARIABLES)) expect(table).toContain(`\`${name}\``);
  for (const [code, { status }] of Object.entries(API_ERRORS))
    expect(table).toMatch(new RegExp(`^\\| ${status} \\|.*\`${code}\``, 'm'));
  for (const [path, methods] of Object.entries(OPENAPI.paths))
    for (const method of Object.keys(methods)) expect(table).toContain(`\`${method.toUpperCase()} ${path}\``);
});
