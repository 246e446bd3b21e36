import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ZipEntry, zipOf } from '../../src/scrub/zip-of.ts';

async function* piecesOf(...pieces: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

async function bytesOf(entries: readonly ZipEntry[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zipOf(entries)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('the same entries give the same bytes', async () => {
  const entries = [{ name: 'folder/a.txt', pieces: () => piecesOf(Buffer.from('one'), Buffer.from('two')) }];
  const bytes = await bytesOf(entries);
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  expect((await bytesOf(entries)).equals(bytes)).toBe(true);
});

test('an entry that cannot be read ends the archive, with its reason', async () => {
  const gone = new Error('gone');
  const broken = { name: 'b', pieces: () => piecesOf(Buffer.alloc(100_000), gone) };
  await expect(bytesOf([broken, { name: 'c', pieces: () => piecesOf() }])).rejects.toBe(gone);
});

test('who has seen enough ends the reading, and later entries are not begun', async () => {
  const told: string[] = [];
  const endless = async function* () {
    try {
      for (;;) yield randomBytes(65_536);
    } finally {
      told.push('ended');
    }
  };
  const later = () => {
    told.push('begun');
    return piecesOf();
  };
  let seen = 0;
  for await (const bytes of zipOf([
    { name: 'a', pieces: endless },
    { name: 'b', pieces: later },
  ])) {
    seen += bytes.length;
    if (seen > 1_000_000) break;
  }
  await expect.poll(() => told).toEqual(['ended']);
});
