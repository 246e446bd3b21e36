import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflateGzip } from '../../src/entry/gzip.ts';
import { InflateFailure } from '../../src/entry/inflate-range.ts';
import { type ByteSource, memorySource } from '../../src/index.ts';

/** Puts what it reads where it is offered a place, as a file does: pieces are good until the next one only. */
function fileLike(bytes: Uint8Array): ByteSource {
  return {
    ...memorySource(bytes),
    byteLength: bytes.byteLength,
    read: async (position, length, into) => {
      const piece = bytes.subarray(position, position + length);
      if (into === undefined) return piece.slice();
      into.fill(0);
      into.set(piece);
      return into.subarray(0, piece.byteLength);
    },
  };
}

async function inflated(
  bytes: Uint8Array,
): Promise<{ bytes: Buffer; trailing?: number | undefined; failure?: InflateFailure }> {
  const chunks: Uint8Array[] = [];
  let trailing: number | undefined;
  const onTrailing = (position: number): void => {
    trailing = position;
  };
  try {
    for await (const chunk of inflateGzip(fileLike(bytes), { onTrailing })) chunks.push(Buffer.from(chunk));
  } catch (error) {
    if (!(error instanceof InflateFailure)) throw error;
    return { bytes: Buffer.concat(chunks), failure: error };
  }
  return { bytes: Buffer.concat(chunks), trailing };
}

/** RFC 1952 §2.3.1, all optional fields that flags name. */
function member(data: Uint8Array, flags: number, name = 'call.tar'): Buffer {
  const plain = gzipSync(data);
  const fields = [
    [0x04, Buffer.from([3, 0, 0x41, 0, 0x42])], // FEXTRA: length 3
    [0x08, Buffer.from(`${name}\0`)], // FNAME
    [0x10, Buffer.from('a comment\0')], // FCOMMENT
    [0x02, Buffer.from([0x12, 0x34])], // FHCRC
  ] as const;
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
    ...fields.filter(([flag]) => (flags & flag) !== 0).map(([, field]) => field),
    plain.subarray(10),
  ]);
}

const data = randomBytes(700_000);

describe('gzip', () => {
  test.each([
    ['one byte', Buffer.from('x')],
    ['text', Buffer.from('it is no gzip member '.repeat(5000))],
    ['what begins as a member does', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
    ['a member that is cut in its header', gzipSync('x').subarray(0, 7)],
    ['zeros, then something', Buffer.concat([Buffer.alloc(300_000), Buffer.from('x')])],
  ])('%s behind a whole member costs none of its bytes, and is told', async (_, rest) => {
    const whole = gzipSync(data);
    const read = await inflated(Buffer.concat([whole, rest]));
    expect(read.bytes.equals(data)).toBe(true);
    // A body that begins like a member is one that is broken.
    if (rest.length === 16) expect(read.failure).toBeDefined();
    else expect(read.trailing).toBeGreaterThanOrEqual(whole.length);
  });

  test.each([1, 511, 600_000])('%i zeros behind it are padding', async (count) => {
    const read = await inflated(Buffer.concat([gzipSync(data), Buffer.alloc(count)]));
    expect(read.bytes.equals(data)).toBe(true);
    expect(read).toHaveProperty('trailing', undefined);
  });

  test('several members are one, wherever they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(data.length), { maxLength: 6 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), data.length];
        const members = edges.slice(1).map((end, at) => gzipSync(data.subarray(edges[at], end)));
        expect((await inflated(Buffer.concat(members))).bytes.equals(data)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('ten thousand members of a byte each', async () => {
    const one = gzipSync('x');
    const read = await inflated(Buffer.concat(Array.from({ length: 10_000 }, () => one)));
    expect(read.bytes.toString()).toBe('x'.repeat(10_000));
  });

  test('headers with all their fields, also across the edge of two pieces', async () => {
    for (const flags of [0, 0x02, 0x04, 0x08, 0x10, 0x1e]) {
      expect((await inflated(member(data, flags))).bytes.equals(data)).toBe(true);
    }
    // The second header begins in the last bytes of the first piece of 256 KiB.
    for (const before of [1, 5, 9, 14, 25]) {
      const overhead = gzipSync(Buffer.alloc(262_000), { level: 0 }).length - 262_000;
      const exact = gzipSync(randomBytes(256 * 1024 - before - overhead), { level: 0 });
      expect(exact).toHaveLength(256 * 1024 - before);
      const read = await inflated(Buffer.concat([exact, member(data, 0x1e)]));
      expect(read.bytes.subarray(-data.length).equals(data)).toBe(true);
    }
  });

  test('a name without end is no header', async () => {
    const read = await inflated(member(data, 0x08, 'n'.repeat(300_000)));
    expect(read.failure?.kind).toBe('broken');
  });

  test('a wrong checksum is told behind all members', async () => {
    const first = Buffer.from(gzipSync(data));
    first.writeUInt32LE(1, first.length - 8);
    const read = await inflated(Buffer.concat([first, gzipSync('more')]));
    expect(read.bytes.equals(Buffer.concat([data, Buffer.from('more')]))).toBe(true);
    expect(read.failure?.kind).toBe('checksum');
  });

  test('at any cut: all bytes that are there, then that it is cut', async () => {
    const small = Buffer.from('some text that is not too long, not too long');
    const whole = Buffer.concat([member(small, 0x1e), gzipSync(small)]);
    for (let length = 1; length < whole.length; length += 1) {
      const { bytes, failure, trailing } = await inflated(whole.subarray(0, length));
      expect(Buffer.concat([small, small]).subarray(0, bytes.length)).toEqual(bytes);
      // Between two members nothing is missing; in the second one's header it cannot be told from other data.
      if (trailing === undefined && length !== member(small, 0x1e).length) expect(failure?.kind).toBe('cut');
    }
  });

  test('broken deflate: what is before it, but for the output of 64 bytes', async () => {
    const start = deflateRawSync(data.subarray(0, 400_000), { finishFlush: constants.Z_SYNC_FLUSH });
    const reserved = Buffer.concat([
      gzipSync('').subarray(0, 10),
      start,
      Buffer.from([0x07]),
      randomBytes(50),
    ]);
    const read = await inflated(reserved);
    expect(read.failure?.kind).toBe('broken');
    expect(read.bytes.length).toBeGreaterThanOrEqual(400_000 - 64);
    expect(read.bytes.equals(data.subarray(0, read.bytes.length))).toBe(true);
  });
});
