import { closeSync, openSync, readFileSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import type { ByteSink } from '../src/byte-sink.ts';
import { MatroskaError } from '../src/matroska-error.ts';
import { FileSink } from '../src/sinks/file-sink.ts';
import { MemorySink } from '../src/sinks/memory-sink.ts';
import { StreamSink } from '../src/sinks/stream-sink.ts';
import { Scratch } from './support/tools.ts';

const scratch = new Scratch();
afterAll(() => scratch[Symbol.dispose]());

interface Opened {
  readonly sink: ByteSink;
  /** Ends the sink and gives all that reached its far side. */
  readonly end: () => Promise<Uint8Array>;
}

let files = 0;

function openFile(): Opened {
  const path = scratch.path(`${files++}.bin`);
  const sink = FileSink.open(path);
  return {
    sink,
    end: async () => {
      sink.close();
      return readFileSync(path);
    },
  };
}

function openMemory(): Opened {
  const sink = new MemorySink();
  return { sink, end: async () => sink.bytes };
}

/** A stream whose reader is slow; its buffer fills up at every write, or holds all of them. */
function openStream(highWaterMark: number): Opened {
  const taken: Buffer[] = [];
  const stream = new Writable({
    highWaterMark,
    write(chunk: Buffer, _encoding, done) {
      setImmediate(() => {
        taken.push(Buffer.from(chunk));
        done();
      });
    },
  });
  const sink = new StreamSink(stream);
  return {
    sink,
    end: async () => {
      await sink.end();
      return Buffer.concat(taken);
    },
  };
}

describe.each([
  ['FileSink', openFile],
  ['MemorySink', openMemory],
  ['StreamSink, always full', () => openStream(1000)],
  ['StreamSink, never full', () => openStream(1 << 24)],
])('every sink · %s', (_, open) => {
  test('keeps the order of writes of any size', async () => {
    const { sink, end } = open();
    const sizes = [1, 0, 999, 1_048_575, 1, 1_048_576, 3, 1_048_577, 2_500_000, 1];
    const parts = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
    for (const part of parts) await sink.write(part);
    expect(Buffer.compare(await end(), Buffer.concat(parts))).toBe(0);
  });

  test('is done with the lent bytes when it says so', async () => {
    const { sink, end } = open();
    const lent = new Uint8Array(10_000);
    for (let index = 1; index <= 20; index++) {
      lent.fill(index);
      await sink.write(lent);
    }
    lent.fill(0xff);
    const got = await end();
    expect(got.length).toBe(200_000);
    expect(got.findIndex((octet, at) => octet !== Math.floor(at / 10_000) + 1)).toBe(-1);
  });

  test('takes a view on a larger buffer as what it is', async () => {
    const { sink, end } = open();
    await sink.write(Uint8Array.of(9, 1, 2, 9).subarray(1, 3));
    expect([...(await end())]).toEqual([1, 2]);
  });
});

describe.each([
  ['FileSink', openFile],
  ['MemorySink', openMemory],
])('sinks that can go back · %s', (_, open) => {
  test('overwrite in place, and go on at the end', async () => {
    const { sink, end } = open();
    await sink.write(Uint8Array.of(0, 0, 0, 0));
    await sink.writeAt?.(1, Uint8Array.of(7, 8));
    await sink.write(Uint8Array.of(5));
    await sink.writeAt?.(0, Uint8Array.of(6));
    expect([...(await end())]).toEqual([6, 7, 8, 0, 5]);
  });

  test('overwrite across what is gathered and what is written', async () => {
    const { sink, end } = open();
    await sink.write(new Uint8Array(1_048_576 + 10));
    await sink.write(new Uint8Array(10));
    await sink.writeAt?.(1_048_576 + 5, new Uint8Array(10).fill(1));
    const got = await end();
    expect(got.length).toBe(1_048_596);
    expect(got.reduce((sum, octet) => sum + octet, 0)).toBe(10);
    expect(got[1_048_581]).toBe(1);
  });
});

function refusal(work: () => unknown): MatroskaError {
  try {
    work();
  } catch (error) {
    if (error instanceof MatroskaError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('FileSink', () => {
  test('a path that cannot be opened is named: sink-open-failed', () => {
    const path = scratch.path('nowhere/out.mkv');
    const error = refusal(() => FileSink.open(path));
    expect(error.code).toBe('sink-open-failed');
    expect(error.message).toContain(path);
    expect((error.cause as NodeJS.ErrnoException).code).toBe('ENOENT');
  });

  test('an existing file is kept when asked for, else emptied', () => {
    const path = scratch.put('there.bin', Uint8Array.of(1, 2, 3));
    expect(refusal(() => FileSink.open(path, { exclusive: true })).code).toBe('sink-open-failed');
    expect(readFileSync(path).length).toBe(3);
    FileSink.open(path).close();
    expect(readFileSync(path).length).toBe(0);
  });

  test('a descriptor that cannot be written is named: sink-write-failed, at the latest by close', () => {
    const path = scratch.put('readonly.bin', Uint8Array.of(1));
    const sink = new FileSink(openSync(path, 'r'), path);
    sink.write(Uint8Array.of(1));
    const error = refusal(() => sink.close());
    expect(error.code).toBe('sink-write-failed');
    expect(error.message).toContain(path);
    expect((error.cause as NodeJS.ErrnoException).code).toBe('EBADF');
  });

  test('after a failed write nothing more goes out, and close does not try', () => {
    const path = scratch.put('failed.bin', Uint8Array.of(1));
    const fd = openSync(path, 'r');
    const sink = new FileSink(fd, path);
    expect(refusal(() => sink.write(new Uint8Array(1 << 20))).code).toBe('sink-write-failed');
    expect(refusal(() => sink.write(Uint8Array.of(1))).code).toBe('sink-write-failed');
    sink.close();
    expect(() => closeSync(fd)).toThrow(/EBADF/);
  });

  test('discard closes without writing the rest', () => {
    const path = scratch.path('discarded.bin');
    const sink = FileSink.open(path);
    sink.write(Uint8Array.of(1, 2, 3));
    sink.discard();
    sink.discard();
    sink.close();
    expect(readFileSync(path).length).toBe(0);
    expect(refusal(() => sink.write(Uint8Array.of(1))).code).toBe('sink-closed');
    expect(refusal(() => sink.writeAt(0, Uint8Array.of(1))).code).toBe('sink-closed');
  });
});

describe('MemorySink', () => {
  test('does not overwrite what was never written', () => {
    const sink = new MemorySink();
    sink.write(Uint8Array.of(1, 2));
    expect(() => sink.writeAt(1, Uint8Array.of(1, 2))).toThrow(RangeError);
    expect([...sink.bytes]).toEqual([1, 2]);
  });
});

describe('StreamSink', () => {
  test('has no writeAt: what is out is out', () => {
    expect('writeAt' in new StreamSink(new PassThrough())).toBe(false);
  });

  test('waits only while the stream is full', async () => {
    const stream = new PassThrough({ highWaterMark: 100 });
    const sink = new StreamSink(stream);
    expect(sink.write(new Uint8Array(50))).toBeUndefined();
    let settled = false;
    const pending = (sink.write(new Uint8Array(100)) as Promise<void>).then(() => {
      settled = true;
    });
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    stream.resume();
    await pending;
    expect(settled).toBe(true);
  });

  test('a stream that breaks while it is full rejects the write: sink-write-failed with the cause', async () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    const sink = new StreamSink(stream);
    const pending = sink.write(new Uint8Array(100));
    const broken = new Error('connection reset');
    stream.destroy(broken);
    await expect(pending).rejects.toMatchObject({ code: 'sink-write-failed', cause: broken });
    expect(refusal(() => sink.write(Uint8Array.of(1)))).toMatchObject({
      code: 'sink-write-failed',
      cause: broken,
    });
  });

  test('a stream that breaks in between is an error of the next write, not of the process', async () => {
    const stream = new PassThrough();
    const sink = new StreamSink(stream);
    sink.write(Uint8Array.of(1));
    stream.destroy(new Error('gone'));
    await new Promise(setImmediate);
    expect(refusal(() => sink.write(Uint8Array.of(1))).code).toBe('sink-write-failed');
    await expect(sink.end()).rejects.toMatchObject({ code: 'sink-write-failed' });
  });

  test('a stream closed from outside: the waiting write does not hang', async () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    const sink = new StreamSink(stream);
    const pending = sink.write(new Uint8Array(100));
    stream.destroy();
    await expect(pending).rejects.toBeInstanceOf(MatroskaError);
  });

  test('after end: sink-closed', async () => {
    const stream = new PassThrough();
    const sink = new StreamSink(stream);
    stream.resume();
    await sink.end();
    expect(refusal(() => sink.write(Uint8Array.of(1))).code).toBe('sink-closed');
  });
});
