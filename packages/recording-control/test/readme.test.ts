import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startStreamApi } from '@rawreel/stream-api';
import { expect, onTestFinished, test } from 'vitest';
import { joined, STANDUP } from './builders/stand-in.ts';

const README = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const [, RECORD = '', PRINTED = ''] = /```ts\n(.*?)```.*?```\n(.*?)```/s.exec(README) ?? [];
const [, MANY = ''] = /## Many at once\n\n```ts\n(.*?)```/s.exec(README) ?? [];

/** Runs a program as the README has it, against a stand-in whose recordings are ready at once. */
async function printed(program: string): Promise<string> {
  const api = await startStreamApi({ seed: { calls: [joined(STANDUP)] }, readyAfterMs: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-readme-'));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true });
    await api.stop();
  });
  const source = new URL('../src/index.ts', import.meta.url).href;
  const script = join(folder, 'example.mts');
  writeFileSync(script, program.replaceAll("'@rawreel/recording-control'", `'${source}'`));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], {
    env: {
      ...process.env,
      STREAM_API_KEY: api.apiKey,
      STREAM_API_SECRET: api.secret,
      STREAM_BASE_URL: api.url,
    },
  });
  expect(stderr).toBe('');
  return stdout;
}

test('the first example runs as it stands and prints what the README says', async () => {
  expect(RECORD).toContain("from '@rawreel/recording-control'");
  expect(await printed(RECORD)).toBe(PRINTED);
});

test('the example of many at once shows the change as a diff', async () => {
  const access =
    'apiKey: process.env.STREAM_API_KEY, secret: process.env.STREAM_API_SECRET, baseUrl: process.env.STREAM_BASE_URL';
  const head = `import { createRecordingControl } from '@rawreel/recording-control';\nconst control = createRecordingControl({ ${access} });\n`;
  expect(await printed(head + MANY)).toContain(
    '  call type default\n-   raw_recording.audio_only: false\n+   raw_recording.audio_only: true\n',
  );
});
