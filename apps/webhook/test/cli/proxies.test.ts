import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

test('what is no address of a proxy is told before anything is asked, as to go on directly may be what the proxy prevents', () => {
  const env = { PATH: process.env['PATH'], HTTPS_PROXY: 'proxy:3128' };
  const { status, stderr } = spawnSync(process.execPath, [MAIN, '--version'], { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^rawreel-webhook: "proxy:3128" is no address of a proxy/m),
  ]);
});
