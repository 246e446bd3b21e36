import { describe, expect, test } from 'vitest';
import { HeldViews } from '../../src/held-views.ts';
import { ReorderBuffer } from '../../src/order/reorder-buffer.ts';
import type { RtpdumpRecord } from '../../src/rtpdump/rtpdump-reader.ts';
import { alone, BUFFER_BYTES, keptAlive } from '../codecs/kept-alive.ts';
import { audioStream, rtp, run, type Wire } from './wire.ts';

const COUNT = 200;

/** A second of Opus, if it is Opus: one packet every 5 ms, each by itself in a buffer. */
const sparse = (first: number, more: Partial<Wire> = {}): RtpdumpRecord[] =>
  Array.from({ length: COUNT }, (_, index) => {
    const seq = first + index;
    const record = rtp({ at: seq * 5, seq, ts: seq * 240, pt: 111, payload: [seq & 255, 1, 2], ...more });
    return { ...record, bytes: alone(record.bytes) };
  });

const payloads = (stream: ReturnType<typeof audioStream>, records: readonly RtpdumpRecord[]) =>
  run(stream, records).map(({ payload }) => payload);

describe('what waits keeps little alive', () => {
  test.each([
    ['behind a hole', {}, [...sparse(0).slice(0, 1), ...sparse(2)]],
    [
      'until an SDP’s payload types turn out not to occur',
      { description: undefined },
      sparse(0, { pt: 100 }),
    ],
    [
      'until the source before it has been silent for long enough',
      {},
      [...sparse(0).slice(0, 2), ...sparse(COUNT).map((record, index) => withSsrc(record, index))],
    ],
  ])('%s', (_, options, records) => {
    const given = payloads(audioStream(options), records);
    expect(given.length).toBeGreaterThanOrEqual(COUNT);
    // Those that did not wait are views still: of the second that is held back, and the last.
    expect(keptAlive(given)).toBeLessThan(8 * BUFFER_BYTES);
  });

  test('octets count too: records of 60 kB wait behind a hole until they are 16 MiB', () => {
    const payload = new Uint8Array(60_000);
    const buffer = new ReorderBuffer<{ payload: Uint8Array }>({
      views: { of: (item) => item.payload, copyInto: () => {} },
    });
    for (let seq = 0; seq < 279; seq++) buffer.push(seq * 2, 0, { payload });
    expect(buffer.pull()).toBeUndefined();
    buffer.push(1000, 0, { payload });
    expect(buffer.pull()).toBeDefined();
    expect(buffer.pull()).toBeUndefined();
  });

  test('views that lie dense are never copied', () => {
    const buffer = new Uint8Array(BUFFER_BYTES);
    const items = Array.from({ length: 100 }, (_, index) => ({
      view: buffer.subarray(index * 1000, index * 1000 + 900),
    }));
    const held = new HeldViews<{ view: Uint8Array }>(
      ({ view }) => view,
      (item, copy) => {
        item.view = copy;
      },
    );
    for (const item of items) held.hold(item);
    held.hold({ view: alone(new Uint8Array(10)) });
    for (const { view } of items) expect(view.buffer).toBe(buffer.buffer);
  });

  test('what waits no longer does not count: the one of a hundred that stays is copied', () => {
    const buffer = new Uint8Array(BUFFER_BYTES);
    const items = Array.from({ length: 100 }, (_, index): { view: Uint8Array; waits: boolean } => ({
      view: buffer.subarray(index * 1000, index * 1000 + 900),
      waits: true,
    }));
    const held = new HeldViews<(typeof items)[number]>(
      ({ view, waits }) => (waits ? view : undefined),
      (item, copy) => {
        item.view = copy;
      },
    );
    for (const item of items) held.hold(item);
    for (const [index, item] of items.entries()) item.waits = index === 50;
    held.hold({ view: alone(new Uint8Array(10)), waits: true });
    const own = items.filter(({ view }) => view.buffer !== buffer.buffer);
    expect(own).toEqual([items[50]]);
  });
});

/** Another source, from a second after the first has fallen silent. */
function withSsrc(record: RtpdumpRecord, index: number): RtpdumpRecord {
  const moved = rtp({
    at: 1500 + index * 5,
    seq: index,
    ts: index * 240,
    pt: 111,
    ssrc: 0x77,
    payload: [1, 2, 3],
  });
  return { ...record, offsetMs: moved.offsetMs, bytes: alone(moved.bytes) };
}
