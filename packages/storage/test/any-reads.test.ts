import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, cacheFolder, MiB, open, serve } from './builders/objects.ts';
import { honest, rangeOf, sentBy } from './builders/server.ts';

/** Reads, each made at the same time as the one before it or after that one has ended; or a new run. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.oneof(fc.nat(200), fc.nat(300_000), fc.nat(3 * MiB)),
        waits: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constant('reopen' as const) },
  ),
  { minLength: 1, maxLength: 12 },
);

test('any reads of any object give exactly its bytes, and ask for none of them twice', async () => {
  const server = await serve(() => {}, 'http');
  await fc.assert(
    fc.asyncProperty(fc.nat(3 * MiB), fc.nat(1000), steps, async (byteLength, seed, plan) => {
      const bytes = bytesOf(byteLength, seed);
      server.handler = honest({ bytes, etag: `"${byteLength}-${seed}"` });
      server.asked.length = 0;
      const options = { cacheFolder: await cacheFolder() };
      let { object } = await open(server.origin, options);
      const reads: Promise<void>[] = [];
      for (const step of plan) {
        if (step === 'reopen') {
          await Promise.all(reads);
          await object.close();
          ({ object } = await open(server.origin, options));
          continue;
        }
        const at = Math.floor(step.at * byteLength);
        const read = object.read(at, step.length).then((got) => {
          expect(Buffer.compare(got, bytes.subarray(at, at + step.length))).toBe(0);
        });
        reads.push(read);
        if (step.waits) await Promise.all(reads);
      }
      await Promise.all(reads);
      await object.close();
      // The others are conditional ones, where nothing has changed.
      const withBytes = server.asked.filter(({ sent }) => sent > 0).flatMap((asked) => rangeOf(asked) ?? []);
      withBytes.sort((a, b) => a.from - b.from);
      for (const [index, range] of withBytes.entries()) {
        expect(range.from).toBeGreaterThanOrEqual(withBytes[index - 1]?.to ?? 0);
      }
      expect(sentBy(server)).toBeLessThanOrEqual(byteLength);
    }),
    { numRuns: 40 },
  );
});
