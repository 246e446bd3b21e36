import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileWindow } from '../../src/read/file-window.ts';

const BYTES = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) >> 5);
let folder = '';
let path = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-window-'));
  path = join(folder, 'file');
  await writeFile(path, BYTES);
});
afterAll(() => rm(folder, { recursive: true }));

test('ranges in order, backwards, across its edges and larger than it', () => {
  const file = new FileWindow(path);
  for (const [position, length] of [
    [0, 10],
    [262_140, 10],
    [5, 262_144],
    [262_149, 0],
    [400_000, 600_000],
    [3, 4],
    [999_999, 1],
  ] as const) {
    const target = new Uint8Array(length + 2);
    file.copy(position, length, target, 1);
    const expected = Buffer.concat([
      new Uint8Array(1),
      BYTES.subarray(position, position + length),
      new Uint8Array(1),
    ]);
    expect(Buffer.compare(target, expected)).toBe(0);
  }
});

test('a file that ends within a range · is said', () => {
  const file = new FileWindow(path);
  expect(() => file.copy(999_990, 11, new Uint8Array(11), 0)).toThrow(RangeError);
});
