import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { inflateInPlace } from '../../src/entry/in-place-inflater.ts';
import type { Inflater } from '../../src/entry/inflater.ts';
import { StreamInflater } from '../../src/entry/stream-inflater.ts';

const CHUNK = 1000;

/** What an inflater gives of each piece, and how it ends. */
async function story(inflater: Inflater, pieces: readonly Uint8Array[]) {
  const given: string[] = [];
  let error: string | undefined;
  try {
    for (const piece of [...pieces, undefined]) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of piece === undefined ? inflater.finish() : inflater.feed(piece))
        chunks.push(chunk);
      given.push(...chunks.map((chunk) => Buffer.from(chunk).toString('base64')));
      if (inflater.ended) break;
    }
  } catch (thrown) {
    error = (thrown as NodeJS.ErrnoException).code;
  }
  const { ended, consumed } = inflater;
  inflater.close();
  return { given, error, ended, consumed };
}

const cut = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

/** Compresses by about half, so that it is no stored block. */
const noise = randomBytes(20_000).map((byte, at) => (at % 2 === 0 ? 0x41 : byte));
const whole = deflateRawSync(noise);
const unfinished = deflateRawSync(noise, { finishFlush: constants.Z_SYNC_FLUSH });
/** Of a type that does not exist. */
const NO_BLOCK = Uint8Array.of(0x07);

describe('inflating in place gives what a stream gives, chunk by chunk', () => {
  test.each<[string, Uint8Array, string | undefined]>([
    ['whole', whole, undefined],
    ['nothing', deflateRawSync(''), undefined],
    ['far larger than its input', deflateRawSync(Buffer.alloc(300_000)), undefined],
    ['chunks that end with the data', deflateRawSync(noise.subarray(0, 5 * CHUNK)), undefined],
    ['bytes behind its end', Buffer.concat([whole, Buffer.from('more')]), undefined],
    ['cut', whole.subarray(0, -9), 'Z_BUF_ERROR'],
    ['broken', Buffer.concat([unfinished, NO_BLOCK, whole]), 'Z_DATA_ERROR'],
    ['no bytes at all', Buffer.alloc(0), 'Z_BUF_ERROR'],
  ])('%s', async (_, bytes, code) => {
    for (const size of [64, 4096, bytes.length + 1]) {
      const pieces = cut(bytes, size);
      const inPlace = inflateInPlace(CHUNK);
      if (inPlace === undefined) throw new Error('this Node has no handle below its zlib streams');
      const found = await story(inPlace, pieces);
      expect(found).toEqual(await story(new StreamInflater(CHUNK), pieces));
      expect(found.error).toBe(code);
    }
  });
});

describe('a Node that has something else below its zlib streams inflates by the stream', () => {
  afterEach(() => {
    vi.doUnmock('node:zlib');
    vi.resetModules();
  });

  test.each<[string, object]>([
    ['nothing', { _handle: undefined }],
    [
      'a call that does nothing',
      { _handle: { writeSync: () => undefined }, _writeState: new Uint32Array(2) },
    ],
    ['no state', { _writeState: undefined }],
  ])('%s', async (_, internals) => {
    vi.resetModules();
    vi.doMock('node:zlib', async (original) => {
      const zlib = await original<typeof import('node:zlib')>();
      return {
        ...zlib,
        createInflateRaw: () => ({ destroy: () => undefined, ...internals }),
      };
    });
    const patched = await import('../../src/entry/in-place-inflater.ts');
    expect(patched.inflateInPlace(CHUNK)).toBeUndefined();
  });
});
