import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOM = join(import.meta.dirname, '..');
const PROGRAM = join(ROOM, 'bin', 'rawreel.js');
const SAMPLE = join(ROOM, '..', '..', 'test', 'samples', 'chromium-call.zip');
const BUNDLE = globSync('*.js', { cwd: join(ROOM, 'dist') }).map((name) =>
  readFileSync(join(ROOM, 'dist', name), 'utf8'),
);

/** As on a machine where nothing is installed beside the package. */
const ALONE = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (!specifier.startsWith('@stream-io/')) return next(specifier, context);
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
} });
`)}`;

async function runAlone(
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly code: number }> {
  const env = { ...process.env, STREAM_API_KEY: 'key', STREAM_API_SECRET: 'secret' };
  return promisify(execFile)(process.execPath, ['--import', ALONE, PROGRAM, ...args], { env }).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    ({ stdout, code }: { stdout: string; code: number }) => ({ stdout, code }),
  );
}

describe('the bundle', () => {
  it('imports what Node has, and of packages only those that may be missing', () => {
    const imported = BUNDLE.flatMap((code) =>
      Array.from(
        code.matchAll(/^import (?:[^;]*? from )?"([^"]+)";|\bimport\("([^"]+)"\)|\b__require\("([^"]+)"\)/gm),
        ([, whole, lazy, required]) => whole ?? lazy ?? required ?? '',
      ),
    );
    const packages = imported.filter(
      (name) => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name),
    );
    expect(imported.length).toBeGreaterThan(100);
    expect([...new Set(packages)].sort()).toEqual([
      '@napi-rs/canvas',
      '@napi-rs/nice',
      '@stream-io/node-sdk',
    ]);
  });

  it('has every file that a thread begins with', () => {
    const begun = BUNDLE.flatMap((code) =>
      Array.from(code.matchAll(/new URL\("([^"]+\.js)", import\.meta\.url\)/g), ([, path = '']) => path),
    );
    expect(begun).toEqual(expect.arrayContaining(['./worker.js']));
    expect(begun.filter((path) => !existsSync(join(ROOM, 'dist', path)))).toEqual([]);
  });

  it('gives threads nothing of the commands', () => {
    const loaded = new Set(['worker.js']);
    for (const name of loaded) {
      const code = readFileSync(join(ROOM, 'dist', name), 'utf8');
      for (const [, path = ''] of code.matchAll(/(?:\bfrom |^import |\bimport\()"\.\/([^"]+)"/gm))
        loaded.add(path);
    }
    expect(loaded.size).toBeGreaterThan(5);
    expect([...loaded].filter((name) => /^(?:start|commands|main)\b/.test(name))).toEqual([]);
  });

  it('looks for no package at run time: it is installed without any', () => {
    expect(BUNDLE.filter((code) => code.includes('import.meta.resolve('))).toEqual([]);
  });

  it('starts from few files: each takes longer to be found than to be read', async () => {
    const count = `data:text/javascript,${encodeURIComponent(`
      import { registerHooks } from 'node:module';
      let files = 0;
      registerHooks({ load(url, context, next) {
        if (url.startsWith('file:')) files++;
        return next(url, context);
      } });
      process.on('exit', () => console.log(files));
    `)}`;
    const args = ['--import', count, PROGRAM, 'list-tracks', '--input-file', SAMPLE];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(Number(stdout.trim().split('\n').at(-1))).toBeLessThan(35);
  });

  it('has the licences of what it contains', () => {
    const texts = readFileSync(join(ROOM, 'dist', 'LICENSES.txt'), 'utf8');
    for (const name of ['@aws-sdk/client-s3', 'commander', 'libopus-wasm', 'piscina', 'undici', 'yauzl'])
      expect(texts).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, 'm'));
    expect(texts).not.toContain('@stream-io');
  });

  it('says how to install Stream’s SDK where it is missing, and whose licence that is under', async () => {
    const { stdout, code } = await runAlone(['recording', 'status', 'default:standup', '--json']);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } };
    expect(code).toBe(1);
    expect(error.code).toBe('ERR_NO_STREAM_SDK');
    expect(error.hint).toContain('not MIT');
    expect(error.hint).toContain('npm install @stream-io/node-sdk');
  });

  it('lists a recording without the SDK', async () => {
    const { stdout, code } = await runAlone(['list-tracks', '--input-file', SAMPLE, '--format', 'users']);
    expect({ stdout, code }).toEqual({ stdout: 'wanda\n', code: 0 });
  });
});
