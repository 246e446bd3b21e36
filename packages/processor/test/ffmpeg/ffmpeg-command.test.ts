import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AudioEncoder } from '../../src/ffmpeg/audio-encoder.ts';
import { lookForFfmpeg } from '../../src/ffmpeg/find-ffmpeg.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An ffmpeg that notes what it is asked. */
function noting(): { readonly path: string; readonly asked: () => string[] } {
  const [path, log] = [join(folder, 'noting'), join(folder, 'asked')];
  writeFileSync(path, `#!/bin/sh\necho "$@" >> '${log}'\nexec ffmpeg "$@"\n`);
  chmodSync(path, 0o755);
  return { path, asked: () => readFileSync(log, 'utf8').trim().split('\n') };
}

async function encode(name: string, ffmpegPath?: string): Promise<void> {
  const encoder = await AudioEncoder.start({
    path: join(folder, name),
    ffmpegPath,
    input: ['-f', 's16le', '-ar', '48000', '-ac', '1'],
    encoder: 'flac',
    output: ['-f', 'flac'],
  });
  await encoder.write(new Uint8Array(9600));
  await encoder.finish();
}

test('an encoder · ffmpeg is started to be looked at once, and to encode', async () => {
  const { path, asked } = noting();
  for (const name of ['one.flac', 'two.flac']) await encode(name, path);
  const questions = asked();
  expect(questions.map((question) => question.split(' ')[0])).toEqual(['-encoders', '-f', '-f']);
  expect(questions[1]).toContain('pipe:0');
});

test('a path · is one command’s, not the whole process’s', async () => {
  const { path, asked } = noting();
  await encode('there.flac', path);
  const before = asked().length;
  await encode('search-path.flac');
  expect(asked()).toHaveLength(before);
});

test('a look · version and encoders from one process', async () => {
  const found = await lookForFfmpeg();
  expect(found).toMatchObject({ path: 'ffmpeg', version: expect.stringMatching(/\d/) });
  expect('encoders' in found && found.encoders).toEqual(
    expect.arrayContaining(['flac', 'libx264', 'libopus']),
  );
});
