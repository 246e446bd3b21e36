import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { expect, onTestFinished, test } from 'vitest';
import { API_ERRORS } from '../src/admin/api-error.ts';
import { OPENAPI } from '../src/admin/openapi.ts';
import { APP_VARIABLES, VARIABLES } from '../src/config/config.ts';

const README = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const [, EXAMPLE = '', PRINTED = ''] = /```ts\n(.*?)```.*?```\n(.*?)```/s.exec(README) ?? [];

test('the example of an Express app receives a recording, and prints what the README says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-readme-'));
  const script = join(folder, 'example.mts');
  const program = EXAMPLE.replace(
    "'rawreel-webhook'",
    `'${new URL('../src/index.ts', import.meta.url).href}'`,
  )
    .replace("'express'", `'${import.meta.resolve('express')}'`)
    .concat("\nserver.on('listening', () => console.log((server.address() as { port: number }).port));\n");
  writeFileSync(script, program);
  const env = {
    ...process.env,
    STREAM_API_KEY: 'rawreel-key',
    STREAM_API_SECRET: 'rawreel-secret',
    PORT: '0',
  };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const port = (await lines.next()).value;
  const api = await startStreamApi({
    now: () => 1_795_736_010_199,
    webhookUrl: `http://127.0.0.1:${port}/webhooks/stream`,
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  });
  onTestFinished(() => api.stop());
  expect([api.apiKey, api.secret]).toEqual([env.STREAM_API_KEY, env.STREAM_API_SECRET]);
  const call = new StreamClient(api.apiKey, api.secret, { basePath: api.url }).video.call(
    'default',
    'standup',
  );
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(0);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  const printed: string[] = [];
  while (printed.length < 4) printed.push(String((await lines.next()).value));
  expect(`${printed.join('\n')}\n`).toBe(PRINTED);
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
