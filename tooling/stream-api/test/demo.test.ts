import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StreamClient } from '@stream-io/node-sdk';
import { expect, test } from 'vitest';
import { refusalOf } from './support/client.ts';

const DEMO = fileURLToPath(new URL('../../setup/demo-api.mjs', import.meta.url));

test('the demo says what to export, tells of each request in a line, and ends with Ctrl-C', async () => {
  const demo = spawn(process.execPath, [DEMO], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(demo, 'exit');
  const lines: string[] = [];
  const reader = createInterface({ input: demo.stdout }).on('line', (line) => lines.push(line));
  const line = async (pattern: RegExp) => {
    await expect.poll(() => lines.some((text) => pattern.test(text))).toBe(true);
    return lines.find((text) => pattern.test(text)) ?? '';
  };

  const [, key = '', secret = '', url = ''] =
    /STREAM_API_KEY=(\S+) STREAM_API_SECRET=(\S+) STREAM_BASE_URL=(\S+)/.exec(await line(/export/)) ?? [];
  const call = new StreamClient(key, secret, { basePath: url }).video.call('default', 'standup');
  await call.startRecording({ recording_type: 'raw' });
  await refusalOf(call.startRecording({ recording_type: 'undefined' }));
  await line(/ 201 {2}POST {3}\/api\/v2\/video\/call\/default\/standup\/recordings\/raw\/start$/);
  await line(/ 404 {2}POST .*\/recordings\/undefined\/start {2}\(no such route\)$/);

  demo.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  reader.close();
  expect(lines.at(-1)).toBe('Ended.');
});
