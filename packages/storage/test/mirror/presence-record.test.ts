import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PresenceRecord, readRecord } from '../../src/mirror/presence-record.ts';
import { type ByteRange, RangeSet } from '../../src/mirror/range-set.ts';
import { cacheFolder } from '../builders/objects.ts';

async function recorded(batches: readonly (readonly ByteRange[])[], boot?: string): Promise<string> {
  const path = join(await cacheFolder(), 'record');
  const record = await PresenceRecord.open(path, boot);
  for (const batch of batches) await record.append(batch, boot);
  await record.close();
  return path;
}

describe('presence record', () => {
  test('torn anywhere it claims nothing that was not recorded, and goes on after that', async () => {
    const batch = fc.array(
      fc.record({ from: fc.nat(2 ** 40), length: fc.integer({ min: 1, max: 2 ** 30 }) }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (plan, cut) => {
          const batches = plan.map((ranges) =>
            ranges.map(({ from, length }) => ({ from, to: from + length })),
          );
          const path = await recorded(batches);
          const { length } = await readFile(path);
          await truncate(path, Math.floor(cut * length));
          const claimed = new RangeSet(batches.flat());
          for (const range of await readRecord(path, undefined)) expect(claimed.covers(range)).toBe(true);
          const record = await PresenceRecord.open(path, undefined);
          await record.append([{ from: 5, to: 7 }], undefined);
          await record.close();
          expect((await readRecord(path, undefined)).at(-1)).toEqual({ from: 5, to: 7 });
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a line of which a digit changed is no claim', async () => {
    const path = await recorded([[{ from: 100, to: 200 }], [{ from: 300, to: 400 }]]);
    const text = await readFile(path, 'latin1');
    await writeFile(path, text.replace(' 100 200', ' 100 900'));
    expect(await readRecord(path, undefined)).toEqual([{ from: 300, to: 400 }]);
  });

  test('what was written but not on the disk is a claim until the machine starts again', async () => {
    const path = await recorded([[{ from: 0, to: 10 }]], 'this-boot');
    expect(await readRecord(path, 'this-boot')).toEqual([{ from: 0, to: 10 }]);
    expect(await readRecord(path, 'next-boot')).toEqual([]);
    expect(await readRecord(path, undefined)).toEqual([]);
  });

  test('tells what another process adds, each line once, when it is whole', async () => {
    const path = await recorded([[{ from: 0, to: 10 }]]);
    const record = await PresenceRecord.open(path, undefined);
    expect(await record.readNew()).toEqual([{ from: 0, to: 10 }]);
    expect(await record.readNew()).toEqual([]);
    const line = (await readFile(await recorded([[{ from: 20, to: 30 }]]), 'latin1')).trim();
    await appendFile(path, line);
    expect(await record.readNew()).toEqual([]);
    await appendFile(path, '\n');
    expect(await record.readNew()).toEqual([{ from: 20, to: 30 }]);
    await record.close();
  });

  test('a record that is not there claims nothing', async () => {
    expect(await readRecord(join(await cacheFolder(), 'none'), undefined)).toEqual([]);
  });
});
