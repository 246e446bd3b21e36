import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

async function run(args: readonly string[], nodeVersion = process.versions.node) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = { env: {}, stdout, stderr, signal: new AbortController().signal, nodeVersion };
  const exitCode = await runProgram(args, context);
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) };
}

test.each([
  [['--help'], 0, 'serve'],
  [['--version'], 0, '0.1.0'],
  [['serve', '--help'], 0, '--config <file>'],
])('%j is answered on standard output', async (args, exitCode, told) => {
  expect(await run(args)).toEqual({ exitCode, stdout: expect.stringContaining(told), stderr: '' });
});

test.each([
  [['dance'], 'unknown command'],
  [['serve', '--prot', '1'], 'unknown option'],
  [['serve'], 'STREAM_API_KEY, STREAM_API_SECRET: are missing'],
  [['work', '--config', '/not/there.json'], '/not/there.json: cannot be read (ENOENT)'],
])('%j is refused with exit code 2', async (args, told) => {
  expect(await run(args)).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(told) });
});

test.each(['20.20.2', '22.18.0'])(
  'Node %s is too old, which is told before anything fails on it',
  async (node) => {
    expect(await run(['serve'], node)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `rawreel-webhook: Node 22.19 or later is needed, and this is ${node}\n`,
    });
  },
);
