import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReorderBuffer, type ReorderOptions } from '../../src/order/reorder-buffer.ts';

interface Out {
  readonly sequence: number;
  readonly loss: number;
}

function drain(buffer: ReorderBuffer<number>, into: Out[] = []): Out[] {
  for (let sequence = buffer.pull(); sequence !== undefined; sequence = buffer.pull()) {
    into.push({ sequence, loss: buffer.lossBefore });
  }
  return into;
}

/** A buffer whose start is settled: `first` has been given out. */
function started(first: number, options: ReorderOptions = {}): ReorderBuffer<number> {
  const buffer = new ReorderBuffer<number>(options);
  buffer.push(first, 0, first);
  buffer.flush();
  drain(buffer);
  return buffer;
}

function sequences(out: readonly Out[]): number[] {
  return out.map(({ sequence }) => sequence);
}

describe('reorder buffer', () => {
  test('reorder · delays nothing while nothing is missing', () => {
    const buffer = started(65534);
    for (let sequence = 65535; sequence < 65600; sequence++) {
      expect(buffer.push(sequence, 0, sequence)).toBe('accepted');
      expect(drain(buffer)).toEqual([{ sequence, loss: 0 }]);
    }
    expect(buffer.size).toBe(0);
  });

  test('reorder · puts a late one back in its place', () => {
    const buffer = started(1);
    buffer.push(3, 10, 3);
    buffer.push(4, 20, 4);
    expect(drain(buffer)).toEqual([]);
    buffer.push(2, 900, 2);
    expect(drain(buffer)).toEqual([2, 3, 4].map((sequence) => ({ sequence, loss: 0 })));
  });

  test('reorder · gives a hole up once something behind it has waited for the window, not before', () => {
    const buffer = started(1, { windowMs: 1000 });
    buffer.push(4, 100, 4);
    buffer.push(6, 600, 6);
    expect(drain(buffer)).toEqual([]);
    buffer.push(7, 1099, 7);
    expect(drain(buffer)).toEqual([]);
    buffer.push(8, 1100, 8);
    expect(drain(buffer)).toEqual([{ sequence: 4, loss: 2 }]);
    buffer.push(9, 1600, 9);
    expect(drain(buffer)).toEqual([
      { sequence: 6, loss: 1 },
      { sequence: 7, loss: 0 },
      { sequence: 8, loss: 0 },
      { sequence: 9, loss: 0 },
    ]);
  });

  test('reorder · the wait of one gives up all holes before it', () => {
    const buffer = started(1, { windowMs: 1000 });
    buffer.push(10, 0, 10);
    buffer.push(5, 900, 5);
    buffer.push(20, 1000, 20);
    expect(drain(buffer)).toEqual([
      { sequence: 5, loss: 3 },
      { sequence: 10, loss: 4 },
    ]);
  });

  test('reorder · holds no more than the allowed number', () => {
    const buffer = started(0, { maxPackets: 4 });
    for (const sequence of [2, 3, 4, 5]) buffer.push(sequence, 0, sequence);
    expect(drain(buffer)).toEqual([]);
    buffer.push(7, 0, 7);
    expect(sequences(drain(buffer))).toEqual([2, 3, 4, 5]);
    expect(buffer.size).toBe(1);
  });

  test('reorder · tells late from duplicate', () => {
    const buffer = started(10);
    buffer.push(12, 0, 12);
    expect(buffer.push(12, 0, 12)).toBe('duplicate');
    buffer.flush();
    drain(buffer);
    expect(buffer.push(10, 0, 10)).toBe('duplicate');
    expect(buffer.push(12, 0, 12)).toBe('duplicate');
    expect(buffer.push(11, 0, 11)).toBe('late');
    expect(buffer.push(11, 0, 11)).toBe('duplicate');
    expect(buffer.push(9, 0, 9)).toBe('late');
  });

  test('reorder · remembers nothing of numbers that a long jump passed over', () => {
    const buffer = started(0);
    for (let sequence = 1; sequence < 20_000; sequence++) {
      buffer.push(sequence, 0, sequence);
      drain(buffer);
    }
    for (const jump of [30_000, 100_000]) {
      buffer.push(jump, 0, jump);
      buffer.flush();
      drain(buffer);
      expect(buffer.push(jump - 9_000, 0, 1)).toBe('late');
      expect(buffer.push(jump - 50_000, 0, 1)).toBe('late');
    }
  });

  test('reorder · waits at the start for what the first one overtook', () => {
    const buffer = new ReorderBuffer<number>({ windowMs: 1000 });
    for (const [sequence, at] of [
      [5, 0],
      [3, 20],
      [4, 40],
    ] as const) {
      buffer.push(sequence, at, sequence);
      expect(drain(buffer)).toEqual([]);
    }
    buffer.push(6, 1000, 6);
    expect(drain(buffer)).toEqual([3, 4, 5, 6].map((sequence) => ({ sequence, loss: 0 })));
  });

  test('reorder · a clock that steps back neither loses nor throws anything away', () => {
    const buffer = started(0);
    buffer.push(2, 5_000_000, 2);
    expect(drain(buffer)).toEqual([]);
    buffer.push(1, 10, 1);
    expect(sequences(drain(buffer))).toEqual([1, 2]);
  });

  test('reorder · starts anew after a restart', () => {
    const buffer = started(500);
    buffer.push(600, 0, 600);
    buffer.restart();
    expect([buffer.size, buffer.next, buffer.pull()]).toEqual([0, undefined, undefined]);
    expect(buffer.push(3, 0, 3)).toBe('accepted');
    buffer.flush();
    expect(drain(buffer)).toEqual([{ sequence: 3, loss: 0 }]);
  });

  test('reorder · sorts any order within the window, drops duplicates, and counts the loss that there was', () => {
    const scenario = fc
      .array(fc.record({ lost: fc.boolean(), twice: fc.boolean(), delay: fc.nat(900), again: fc.nat(900) }), {
        minLength: 1,
        maxLength: 120,
      })
      .map((fates) =>
        fates
          .flatMap(({ lost, twice, delay, again }, index) => {
            if (lost && index % 3 === 0) return [];
            const sent = { sequence: 65_500 + index, at: index * 5 + delay };
            return twice ? [sent, { ...sent, at: index * 5 + again }] : [sent];
          })
          .sort((a, b) => a.at - b.at),
      );
    fc.assert(
      fc.property(scenario, (arrivals) => {
        const buffer = new ReorderBuffer<number>({ windowMs: 1000 });
        const out: Out[] = [];
        let accepted = 0;
        for (const { sequence, at } of arrivals) {
          if (buffer.push(sequence, at, sequence) === 'accepted') accepted++;
          drain(buffer, out);
        }
        buffer.flush();
        drain(buffer, out);
        const expected = [...new Set(arrivals.map(({ sequence }) => sequence))].sort((a, b) => a - b);
        expect(sequences(out)).toEqual(expected);
        expect(accepted).toBe(expected.length);
        expect(out.map(({ loss }) => loss)).toEqual(
          expected.map((sequence, index) => sequence - (expected[index - 1] ?? sequence - 1) - 1),
        );
      }),
    );
  });

  test('reorder · whatever comes, numbers strictly increase, none twice, and the bound holds', () => {
    const push = fc.record({
      sequence: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -1e6, max: 1e6 })),
      at: fc.nat(5000),
    });
    fc.assert(
      fc.property(fc.array(push, { maxLength: 200 }), (pushes) => {
        const buffer = new ReorderBuffer<number>({ windowMs: 500, maxPackets: 8 });
        const out: Out[] = [];
        let accepted = 0;
        for (const { sequence, at } of pushes) {
          if (buffer.push(sequence, at, sequence) === 'accepted') accepted++;
          drain(buffer, out);
          expect(buffer.size).toBeLessThanOrEqual(8);
        }
        buffer.flush();
        drain(buffer, out);
        expect(out.length).toBe(accepted);
        for (const [index, { sequence, loss }] of out.entries()) {
          const before = out[index - 1]?.sequence;
          if (before !== undefined) expect(sequence).toBe(before + loss + 1);
        }
      }),
    );
  });

  test('reorder · neither huge jumps nor a comb of holes make it slow', () => {
    const buffer = new ReorderBuffer<number>();
    let given = 0;
    for (let index = 0; index < 100_000; index++) {
      buffer.push(index * 2, index, index);
      while (buffer.pull() !== undefined) given++;
    }
    for (let index = 0; index < 100_000; index++) {
      // A step for each number that is passed over would take days.
      buffer.push(1e6 + index * 1e9, 1e6 + index, index);
      while (buffer.pull() !== undefined) given++;
    }
    expect(given).toBeGreaterThan(190_000);
  });
});
