import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PictureReader } from '../../src/composite/decoders/picture-reader.ts';
import { type ChildPipe, openChildPipe, type Take } from '../../src/ffmpeg/child-pipe.ts';

const opened = async (take: Take): Promise<ChildPipe> => {
  const pipe = await openChildPipe(take);
  if (pipe === undefined) throw new Error('no pipe');
  return pipe;
};

/** Writes pictures, each full of its number, and half a picture more. */
function writing(pictures: number, bytes: number, { childEnd }: ChildPipe) {
  const script = `const { writeSync } = require('node:fs');
    for (let number = 0; number < ${pictures}; number++) writeSync(1, Buffer.alloc(${bytes}, number));
    writeSync(1, Buffer.alloc(${bytes / 2}, 255));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', childEnd, 'inherit'] });
  childEnd.destroy();
  return child;
}

test('what a child writes · comes whole and in order, and ends with it', async () => {
  const hash = createHash('sha256');
  let came = 0;
  const pipe = await opened((bytes) => {
    hash.update(bytes);
    came += bytes.length;
    return true;
  });
  writing(100, 70_000, pipe);
  await once(pipe.ourEnd, 'close');
  expect(came).toBe(100.5 * 70_000);
  const expected = createHash('sha256');
  for (let number = 0; number < 100; number++) expected.update(Buffer.alloc(70_000, number));
  expect(hash.digest('hex')).toBe(expected.update(Buffer.alloc(35_000, 255)).digest('hex'));
});

test.each([
  ['smaller than what comes at once', 6000],
  ['larger', 1_000_000],
])('pictures %s · each is whole, also where its taker is slow; half a one is none', async (_what, bytes) => {
  const reader = new PictureReader(bytes);
  const pipe = await opened((some) => reader.receive(some));
  reader.follow(pipe.ourEnd);
  writing(20, bytes, pipe);
  for (let number = 0; number < 20; number++) {
    const picture = await reader.take(bytes, bytes);
    await new Promise((resolve) => setImmediate(resolve));
    expect(Buffer.alloc(bytes, number).equals(picture ?? Buffer.of())).toBe(true);
  }
  expect(await reader.take(bytes, undefined)).toBeUndefined();
});

test('no socket can be had · nothing is thrown, then or later', async () => {
  const before = process.env['TMPDIR'];
  const late: unknown[] = [];
  const listener = (reason: unknown) => late.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => {
    process.off('unhandledRejection', listener);
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  // A path of a Unix socket has at most 107 bytes.
  const long = await mkdtemp(join(tmpdir(), 'x'.repeat(120)));
  onTestFinished(() => rm(long, { recursive: true }));
  for (const place of [long, join(long, 'missing')]) {
    process.env['TMPDIR'] = place;
    expect(await openChildPipe(() => true)).toBeUndefined();
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(late).toEqual([]);
});
