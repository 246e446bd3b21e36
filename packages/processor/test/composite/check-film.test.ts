import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flawsOfFilm } from '../../src/composite/check-film.ts';

const execute = promisify(execFile);

let folder: string;
let film: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-check-'));
  const path = join(folder, 'film.mkv');
  const inputs = ['testsrc=size=64x64:rate=10:duration=3', 'sine=duration=3'];
  await execute('ffmpeg', [
    ...['-v', 'error', ...inputs.flatMap((input) => ['-f', 'lavfi', '-i', input])],
    ...['-c:v', 'libx264', '-c:a', 'libopus', path],
  ]);
  film = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true }));

async function flawsOf(bytes: Uint8Array, pictures: number): Promise<readonly string[]> {
  const path = join(folder, 'checked.mkv');
  await writeFile(path, bytes);
  return await flawsOfFilm(path, { pictures, hasSound: true }, {});
}

test('a whole film has no flaw; one with a picture too few or too many is told with both numbers', async () => {
  expect(await flawsOf(film, 30)).toEqual([]);
  expect(await flawsOf(film, 31)).toEqual(['length: it has 30 pictures, not 31']);
  expect(await flawsOf(film, 29)).toEqual(['length: it has 30 pictures, not 29']);
});

test('a film with damaged pictures · is told in the decoder’s words', async () => {
  const path = join(folder, 'noise.mkv');
  const noise = ['-c', 'copy', '-bsf:v', 'noise=amount=200', path];
  await execute('ffmpeg', ['-v', 'error', '-i', join(folder, 'film.mkv'), ...noise]);
  expect(await flawsOf(await readFile(path), 30)).toEqual([expect.stringMatching(/^decode: ./)]);
});

test.each([
  ['cut', 0.5],
  ['empty', 0],
])('a film that is %s · is told', async (_, share) => {
  const flaws = await flawsOf(film.subarray(0, film.length * share), 30);
  expect(flaws).toEqual([expect.stringMatching(/^(decode|length): ./)]);
});

test('an abort · ends it', async () => {
  const path = join(folder, 'aborted.mkv');
  await writeFile(path, film);
  const controller = new AbortController();
  const checking = flawsOfFilm(path, { pictures: 30, hasSound: true }, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(checking).rejects.toThrow('enough');
});
