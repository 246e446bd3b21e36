import { randomBytes } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type EntryLocation, memorySource, openEntry } from '../../src/index.ts';
import { collect, drain, failure } from '../builders/open.ts';
import { buildZip, type ZipEntryRecipe } from '../builders/zip.ts';

/** An archive of one entry and the location that its directory would give. */
function single(
  data: Uint8Array,
  entry: Partial<ZipEntryRecipe> = {},
  location: Partial<EntryLocation & { container: 'zip' }> = {},
): { bytes: Buffer; location: EntryLocation } {
  const raw = Buffer.from(entry.raw ?? (entry.stored === true ? data : deflateRawSync(data)));
  return {
    bytes: buildZip([{ name: 'a.rtpdump', data, raw, ...entry }]),
    location: {
      container: 'zip',
      path: '/nowhere',
      name: 'a.rtpdump',
      offset: 0,
      compression: entry.stored === true ? 'stored' : 'deflated',
      compressedSize: raw.length,
      size: data.byteLength,
      crc32: crc32(data),
      ...location,
    },
  };
}

/** Compresses by about half, so that damage lies far from what it damages. */
function halfRandom(size: number): Buffer {
  const bytes = randomBytes(size);
  for (let at = 0; at < size; at += 2) bytes[at] = 0x41;
  return bytes;
}

describe('entry · whole', () => {
  test.each([0, 1, 65_535, 262_144, 262_145, 3_000_000])('%i bytes deflated and stored', async (size) => {
    const data = halfRandom(size);
    for (const stored of [true, false]) {
      const { bytes, location } = single(data, { stored });
      const read = await drain(location, bytes);
      expect(read.error).toBeUndefined();
      expect(read.bytes.equals(data)).toBe(true);
    }
  });

  test('bytes behind the deflated stream’s own end are no damage', async () => {
    const data = halfRandom(300_000);
    const raw = Buffer.concat([deflateRawSync(data), Buffer.from('slack')]);
    const { bytes, location } = single(data, { raw });
    expect((await drain(location, bytes)).error).toBeUndefined();
  });

  test('chunks are the consumer’s: none changes while later ones are read', async () => {
    const data = halfRandom(2_000_000);
    const { bytes, location } = single(data);
    const chunks = await collect(openEntry(location, { source: memorySource(bytes) }));
    expect(Buffer.concat(chunks).equals(data)).toBe(true);
  });

  test('a consumer that stops early leaves nothing running', async () => {
    const { bytes, location } = single(halfRandom(5_000_000));
    let seen = 0;
    for await (const chunk of openEntry(location, { source: memorySource(bytes) })) {
      seen += chunk.byteLength;
      break;
    }
    expect(seen).toBeGreaterThan(0);
  });
});

describe('entry · damaged: every good byte first, then ERR_ENTRY_DAMAGED', () => {
  test('checksum', async () => {
    const data = halfRandom(500_000);
    const { bytes, location } = single(data, {}, { crc32: 1 });
    const read = await drain(location, bytes);
    expect(read.bytes.equals(data)).toBe(true);
    expect(read.error?.code).toBe('ERR_ENTRY_DAMAGED');
    expect(read.error?.message).toMatch(/checksum/);
  });

  test('fewer bytes than declared', async () => {
    const data = halfRandom(500_000);
    for (const stored of [true, false]) {
      const { bytes, location } = single(data, { stored }, { size: 600_000 });
      const read = await drain(location, bytes);
      expect(read.bytes.equals(data)).toBe(true);
      expect(read.error?.code).toBe('ERR_ENTRY_DAMAGED');
    }
  });

  test('deflated stream cut: up to the cut', async () => {
    const data = halfRandom(3_000_000);
    const raw = deflateRawSync(data);
    const { bytes, location } = single(data, { raw: raw.subarray(0, raw.length >> 1) });
    const read = await drain(location, bytes);
    expect(read.error?.code).toBe('ERR_ENTRY_DAMAGED');
    expect(read.bytes.length).toBeGreaterThan(1_400_000);
    expect(read.bytes.equals(data.subarray(0, read.bytes.length))).toBe(true);
  });

  test('deflated stream broken in its middle: up to within 100 bytes of the break', async () => {
    // Stored blocks of 65 535 bytes, so that it is known which byte is where; the 20th block's length is broken.
    const data = randomBytes(2_000_000);
    const raw = Buffer.from(deflateRawSync(data, { level: 0 }));
    let block = 0;
    for (let at = 0; at < 20; at += 1) block += 5 + raw.readUInt16LE(block + 1);
    raw.writeUInt16LE(raw.readUInt16LE(block + 3) ^ 0xff, block + 3);
    const { bytes, location } = single(data, { raw });
    const read = await drain(location, bytes);
    const good = block - 20 * 5;
    expect(read.error?.code).toBe('ERR_ENTRY_DAMAGED');
    expect(read.bytes.length).toBeLessThanOrEqual(good);
    expect(read.bytes.length).toBeGreaterThan(good - 100);
    expect(read.bytes.equals(data.subarray(0, read.bytes.length))).toBe(true);
  });

  test('no local header where the directory points', async () => {
    const { bytes, location } = single(Buffer.from('abc'), {}, { offset: 3 });
    expect(await drain(location, bytes)).toMatchObject({ error: { code: 'ERR_ENTRY_DAMAGED' } });
  });

  test('the archive ends inside the entry', async () => {
    const data = halfRandom(1_000_000);
    const { bytes, location } = single(data, { stored: true });
    const read = await drain(location, bytes.subarray(0, 400_000));
    expect(read.error?.code).toBe('ERR_ENTRY_DAMAGED');
    expect(read.bytes.length).toBeGreaterThan(399_000);
  });
});

describe('entry · bombs', () => {
  test('what inflates beyond its declared size is stopped with little memory', async () => {
    // Of parts: 400 MB of zeros, dropped here, would hide as much that is kept there.
    const part = deflateRawSync(Buffer.alloc(4_000_000), { finishFlush: constants.Z_FULL_FLUSH });
    const bomb = Buffer.concat(Array.from({ length: 100 }, () => part));
    const { bytes, location } = single(Buffer.alloc(1000), { raw: bomb });
    const before = process.memoryUsage().arrayBuffers;
    const read = await drain(location, bytes);
    expect(read.error?.code).toBe('ERR_ENTRY_TOO_LARGE');
    expect(read.bytes.length).toBeLessThanOrEqual(1000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  test('exactly the declared size is allowed, one byte more is not', async () => {
    const data = Buffer.alloc(100_000, 'x');
    const exact = single(data);
    expect((await drain(exact.location, exact.bytes)).error).toBeUndefined();
    for (const stored of [true, false]) {
      const over = single(data, { stored }, { size: 99_999 });
      expect((await drain(over.location, over.bytes)).error?.code).toBe('ERR_ENTRY_TOO_LARGE');
    }
  });

  test('a declared size over the limit is refused before a byte is read', async () => {
    const { bytes, location } = single(Buffer.alloc(10_000));
    const read = await drain(location, bytes, { maxEntrySize: 9999 });
    expect(read.error?.code).toBe('ERR_ENTRY_TOO_LARGE');
    expect(read.bytes.length).toBe(0);
  });
});

test('entry · an abort ends it with ERR_ABORTED', async () => {
  const { bytes, location } = single(halfRandom(5_000_000));
  const controller = new AbortController();
  const reading = async (): Promise<void> => {
    for await (const _ of openEntry(location, { source: memorySource(bytes), signal: controller.signal })) {
      controller.abort();
    }
  };
  expect((await failure(reading())).code).toBe('ERR_ABORTED');
});
