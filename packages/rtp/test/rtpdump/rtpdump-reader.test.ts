import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRtpdump } from '../../src/rtpdump/read-rtpdump.ts';
import { RtpdumpError } from '../../src/rtpdump/rtpdump-error.ts';
import { RtpdumpReader, type RtpdumpRecord } from '../../src/rtpdump/rtpdump-reader.ts';

const FILE_HEADER = new Uint8Array([
  ...new TextEncoder().encode('#!rtpplay1.0 127.0.0.1/5000\n'),
  ...[0x6b, 0x03, 0x2d, 0x80], // seconds: 1795370368
  ...[0x00, 0x03, 0xd0, 0x90], // microseconds: 250000
  ...[0x7f, 0x00, 0x00, 0x01], // source address
  ...[0x13, 0x88], // port
  ...[0x00, 0x00], // padding
]);

interface Written {
  readonly offsetMs: number;
  readonly plen: number;
  readonly bytes: readonly number[];
}

function record({ offsetMs, plen, bytes }: Written): number[] {
  const length = 8 + bytes.length;
  const ms = [offsetMs >>> 24, (offsetMs >>> 16) & 255, (offsetMs >>> 8) & 255, offsetMs & 255];
  return [length >> 8, length & 255, plen >> 8, plen & 255, ...ms, ...bytes];
}

function dump(records: readonly Written[], tail: readonly number[] = []): Uint8Array {
  return new Uint8Array([...FILE_HEADER, ...records.flatMap(record), ...tail]);
}

function readAll(reader: RtpdumpReader, chunks: Iterable<Uint8Array>): RtpdumpRecord[] {
  const records: RtpdumpRecord[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let next = reader.next(); next !== undefined; next = reader.next()) records.push(next);
  }
  reader.end();
  return records;
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
}

function failure(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

const written = fc.array(
  fc.record({
    offsetMs: fc.integer({ min: 0, max: 0xffffffff }),
    bytes: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }),
    rtcp: fc.boolean(),
  }),
  { maxLength: 20 },
);

describe('rtpdump', () => {
  test('rtpdump · reads the text line, the start time and both kinds of records', () => {
    const reader = new RtpdumpReader();
    const file = dump([
      { offsetMs: 0, plen: 2, bytes: [0x80, 0x60] },
      { offsetMs: 0xfffffffe, plen: 0, bytes: [0x80, 0xc8, 0x00] },
    ]);
    const records = readAll(reader, [file]);
    expect(reader.header).toEqual({ address: '127.0.0.1/5000', startUnixMs: 1795370368250 });
    expect(records).toEqual([
      { offsetMs: 0, kind: 'rtp', bytes: new Uint8Array([0x80, 0x60]), position: 44, truncated: false },
      {
        offsetMs: 0xfffffffe,
        kind: 'rtcp',
        bytes: new Uint8Array([0x80, 0xc8, 0]),
        position: 54,
        truncated: false,
      },
    ]);
    expect([reader.rtpRecords, reader.rtcpRecords, reader.ending]).toEqual([1, 1, 'records']);
    expect([reader.bytesPushed, reader.bytesConsumed, reader.truncatedBytes]).toEqual([65, 65, 0]);
  });

  test('rtpdump · gives views on the chunk, and a copy only where a record straddles two', () => {
    const bytes = [1, 2, 3, 4];
    const file = dump([
      { offsetMs: 1, plen: 4, bytes },
      { offsetMs: 2, plen: 4, bytes },
      { offsetMs: 3, plen: 4, bytes },
    ]);
    const first = file.slice(0, 44 + 12 + 5);
    const second = file.slice(44 + 12 + 5);
    const records = readAll(new RtpdumpReader(), [first, second]);
    expect(records.map((each) => each.bytes.buffer === first.buffer)).toEqual([true, false, false]);
    expect(records.map((each) => each.bytes.buffer === second.buffer)).toEqual([false, false, true]);
    expect(records.map((each) => [...each.bytes])).toEqual([bytes, bytes, bytes]);
  });

  test('rtpdump · gives the same records however the file is cut into chunks', () => {
    fc.assert(
      fc.property(written, fc.array(fc.nat(2000), { maxLength: 30 }), (records, cuts) => {
        const file = dump(
          records.map(({ offsetMs, bytes, rtcp }) => ({ offsetMs, bytes, plen: rtcp ? 0 : bytes.length })),
        );
        const whole = readAll(new RtpdumpReader(), [file]);
        expect(whole.map(({ offsetMs, bytes }) => [offsetMs, ...bytes])).toEqual(
          records.map(({ offsetMs, bytes }) => [offsetMs, ...bytes]),
        );
        expect(readAll(new RtpdumpReader(), split(file, cuts))).toEqual(whole);
        expect(readAll(new RtpdumpReader(), split(file, [...file.keys()]))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('rtpdump · keeps everything before a cut, and says how many bytes of a record are left over', () => {
    const file = dump([
      { offsetMs: 0, plen: 3, bytes: [1, 2, 3] },
      { offsetMs: 5, plen: 3, bytes: [4, 5, 6] },
    ]);
    for (let size = 0; size <= file.length; size++) {
      const reader = new RtpdumpReader();
      const records = readAll(reader, [file.subarray(0, size)]);
      expect(records.length, `${size} bytes`).toBe(size < 55 ? 0 : size < 66 ? 1 : 2);
      const whole = size < 44 ? 0 : size < 55 ? 44 : size < 66 ? 55 : 66;
      expect(reader.truncatedBytes, `${size} bytes`).toBe(size - whole);
      expect(reader.bytesConsumed, `${size} bytes`).toBe(whole);
    }
  });

  test.each([
    ['not one byte', 0, 'empty'],
    ['only a part of the text line', 5, 'cut-header'],
    ['only the text line', 28, 'cut-header'],
    ['a header and nothing else', 44, 'no-records'],
    ['a header and a part of a record', 50, 'no-records'],
    ['a header and a record', 54, 'records'],
  ] as const)('rtpdump · tells its endings apart: %s', (_, size, ending) => {
    const reader = new RtpdumpReader();
    readAll(reader, [dump([{ offsetMs: 0, plen: 2, bytes: [1, 2] }]).subarray(0, size)]);
    expect(reader.ending).toBe(ending);
  });

  test.each([
    ['another file', 'PK\x03\x04 and so on', 0],
    ['another script', '#!/bin/sh\n', 2],
    ['another version', '#!rtpplay2.0 1.2.3.4/5\n', 9],
    ['a line without an end', `#!rtpplay1.0 ${'x'.repeat(5000)}`, 1023],
  ])('rtpdump · refuses %s by name, with offset and what it found', (_, text, offset) => {
    const reader = new RtpdumpReader();
    reader.push(new TextEncoder().encode(text));
    const error = failure(() => reader.next());
    expect(error).toBeInstanceOf(RtpdumpError);
    expect(error).toMatchObject({ code: 'ERR_NOT_RTPDUMP', offset });
    expect((error as RtpdumpError).found.startsWith(text.slice(0, 2))).toBe(true);
    expect(failure(() => reader.next())).toBe(error);
  });

  test('rtpdump · shows foreign bytes escaped in the message', () => {
    const reader = new RtpdumpReader();
    reader.push(new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x1b, 0x5c, 0xff]));
    expect((failure(() => reader.next()) as RtpdumpError).found).toBe('PK\\x03\\x04\\x1b\\x5c\\xff');
  });

  test('rtpdump · ends where the framing breaks, and keeps what came before', () => {
    const good = { offsetMs: 1, plen: 2, bytes: [1, 2] };
    const broken = [0x00, 0x07, 0x00, 0x01, 0, 0, 0, 0, 1, 2, 3]; // length 7: less than its own header
    const file = dump([good, good], [...broken, ...record(good)]);
    for (const chunks of [[file], split(file, [...file.keys()])]) {
      const reader = new RtpdumpReader();
      expect(readAll(reader, chunks)).toHaveLength(2);
      expect([reader.brokenAt, reader.bytesConsumed, reader.truncatedBytes]).toEqual([64, 64, 0]);
    }
  });

  test('rtpdump · marks a packet that the capture cut off, and leaves out bytes that are not of the packet', () => {
    const reader = new RtpdumpReader();
    const [short, long] = readAll(reader, [
      dump([
        { offsetMs: 0, plen: 100, bytes: [1, 2, 3] },
        { offsetMs: 0, plen: 2, bytes: [1, 2, 3] },
      ]),
    ]);
    expect(short).toMatchObject({ kind: 'rtp', truncated: true, bytes: new Uint8Array([1, 2, 3]) });
    expect(long).toMatchObject({ kind: 'rtp', truncated: false, bytes: new Uint8Array([1, 2]) });
    expect(reader.truncatedRecords).toBe(1);
  });

  test('rtpdump · whatever follows the header, it accounts for every byte and does not throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.array(fc.nat(700)), (noise, cuts) => {
        const reader = new RtpdumpReader();
        const file = new Uint8Array([...FILE_HEADER, ...noise]);
        const records = readAll(reader, split(file, cuts));
        expect(reader.rtpRecords + reader.rtcpRecords).toBe(records.length);
        if (reader.brokenAt === undefined)
          expect(reader.bytesConsumed + reader.truncatedBytes).toBe(file.length);
        else expect(reader.bytesConsumed).toBe(reader.brokenAt);
      }),
    );
  });

  test('rtpdump · random files end in a refusal or an ending, never in another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
        const reader = new RtpdumpReader();
        const error = failure(() => readAll(reader, [noise]));
        if (error === undefined) expect(['empty', 'cut-header']).toContain(reader.ending);
        else expect(error).toBeInstanceOf(RtpdumpError);
      }),
    );
  });

  test('rtpdump · says so when it is used after its end', () => {
    const reader = new RtpdumpReader();
    reader.end();
    expect(() => reader.push(FILE_HEADER)).toThrow('after end');
  });
});

describe('readRtpdump', () => {
  test('readRtpdump · yields batches of all records, never an empty one, and leaves its counts in the reader', async () => {
    const file = dump(
      Array.from({ length: 5000 }, (_, offsetMs) => ({ offsetMs, plen: 1, bytes: [offsetMs & 255] })),
    );
    const reader = new RtpdumpReader();
    const sizes: number[] = [];
    const offsets: number[] = [];
    for await (const batch of readRtpdump(split(file, [3, 44, 45, 44_000]), reader)) {
      sizes.push(batch.length);
      offsets.push(...batch.map(({ offsetMs }) => offsetMs));
    }
    expect(offsets).toEqual(Array.from({ length: 5000 }, (_, index) => index));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    expect([reader.ending, reader.rtpRecords]).toEqual(['records', 5000]);
  });

  test('readRtpdump · closes its source where the framing breaks', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield dump([{ offsetMs: 0, plen: 1, bytes: [1] }], [0, 0, 0, 0, 0, 0, 0, 0]);
        throw new Error('read on behind the break');
      } finally {
        closed = true;
      }
    }
    const reader = new RtpdumpReader();
    let count = 0;
    for await (const batch of readRtpdump(source(), reader)) count += batch.length;
    expect([count, closed, reader.brokenAt]).toEqual([1, true, 53]);
  });

  test('readRtpdump · throws what the reader throws', async () => {
    const batches = readRtpdump([new Uint8Array([1])]);
    await expect(batches.next()).rejects.toBeInstanceOf(RtpdumpError);
  });
});
