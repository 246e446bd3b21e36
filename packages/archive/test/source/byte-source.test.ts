import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ByteSource, memorySource, openFileSource } from '../../src/index.ts';
import { readPieces } from '../../src/source/pieces.ts';
import { failure } from '../builders/open.ts';

const BYTES = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7) % 251));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'byte-source-'));
  await writeFile(join(folder, 'bytes'), BYTES);
});
afterAll(() => rm(folder, { recursive: true }));

/** What every ByteSource must do; a new implementation is one more line here. */
const implementations: [string, () => Promise<ByteSource>][] = [
  ['file', () => openFileSource(join(folder, 'bytes'))],
  ['memory', () => Promise.resolve(memorySource(BYTES))],
];

describe.each(implementations)('byte source · %s', (_, open) => {
  test('knows its length', async () => {
    const source = await open();
    expect(source.byteLength).toBe(5000);
    await source.close();
  });

  test('gives exactly what is asked for', async () => {
    const source = await open();
    expect(Buffer.from(await source.read(0, 10))).toEqual(BYTES.subarray(0, 10));
    expect(Buffer.from(await source.read(4321, 100))).toEqual(BYTES.subarray(4321, 4421));
    await source.close();
  });

  test('gives less at its end, and nothing behind it', async () => {
    const source = await open();
    expect(Buffer.from(await source.read(4990, 100))).toEqual(BYTES.subarray(4990));
    expect((await source.read(5000, 10)).byteLength).toBe(0);
    expect((await source.read(9000, 10)).byteLength).toBe(0);
    expect((await source.read(100, 0)).byteLength).toBe(0);
    await source.close();
  });

  test('answers reads that overlap in time each with its own bytes', async () => {
    const source = await open();
    const positions = [4000, 0, 2500, 1, 3999];
    const read = await Promise.all(positions.map((at) => source.read(at, 500)));
    expect(read.map((bytes) => Buffer.from(bytes))).toEqual(
      positions.map((at) => BYTES.subarray(at, at + 500)),
    );
    await source.close();
  });

  test('what it gave is the caller’s: writing to it changes no later read', async () => {
    const source = await open();
    (await source.read(0, 100)).fill(0xff);
    expect(Buffer.from(await source.read(0, 100))).toEqual(BYTES.subarray(0, 100));
    await source.close();
  });

  test('takes the offer of a place or leaves it, and gives the same bytes', async () => {
    const source = await open();
    const into = new Uint8Array(600);
    expect(Buffer.from(await source.read(100, 500, into))).toEqual(BYTES.subarray(100, 600));
    expect(Buffer.from(await source.read(4900, 600, into))).toEqual(BYTES.subarray(4900));
    await source.close();
  });

  test('may be closed twice', async () => {
    const source = await open();
    await source.close();
    await expect(source.close()).resolves.toBeUndefined();
  });

  test('is read in transient pieces, each good until the next', async () => {
    const source = await open();
    const pieces: Buffer[] = [];
    for await (const piece of readPieces(source, 0, 5000, { pieceSize: 700, transient: true })) {
      pieces.push(Buffer.from(piece));
    }
    expect(Buffer.concat(pieces)).toEqual(BYTES);
    await source.close();
  });

  test('is read in pieces to its end, however much is asked for', async () => {
    const source = await open();
    const pieces: Uint8Array[] = [];
    for await (const piece of readPieces(source, 1000, 100_000, { pieceSize: 700 })) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(BYTES.subarray(1000));
    expect(pieces.map(({ byteLength }) => byteLength)).toEqual([700, 700, 700, 700, 700, 500]);
    await source.close();
  });
});

test('byte source · file that does not exist is ERR_INPUT_NOT_FOUND', async () => {
  expect((await failure(openFileSource(join(folder, 'none')))).code).toBe('ERR_INPUT_NOT_FOUND');
});
