import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCall } from '@rawreel/fixtures';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedFile, SourceFrame } from '../../src/verify/expectation.ts';
import { compareFile, verifyFile } from '../../src/verify/verify-file.ts';
import { makeFile } from './support/make-file.ts';

let folder: string;
let file: Buffer;
let expected: () => ExpectedFile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-verify-'));
  const call = await generateCall({
    seed: 2,
    users: [
      {
        id: 'alice',
        sessions: [
          {
            tracks: [
              { kind: 'audio', dtx: true, segments: [{ startMs: 0, durationMs: 3000 }] },
              {
                kind: 'video',
                codec: 'vp8',
                width: 64,
                height: 64,
                fps: 10,
                segments: [{ startMs: 200, durationMs: 2500 }],
              },
            ],
          },
        ],
      },
    ],
  });
  await using made = await makeFile(call, folder);
  file = await readFile(made.path);
  const path = join(folder, 'hostile.mkv');
  const once = made.expected(path);
  const read = await Promise.all(
    once.tracks.map(async ({ frames, ...track }) => ({
      ...track,
      all: await allOf(frames ?? expect.fail()),
    })),
  );
  expected = () => ({ path, tracks: read.map(({ all, ...track }) => ({ ...track, frames: replay(all) })) });
});
afterAll(() => rm(folder, { recursive: true }));

async function allOf(frames: AsyncIterable<readonly SourceFrame[]>): Promise<(readonly SourceFrame[])[]> {
  const batches: (readonly SourceFrame[])[] = [];
  for await (const batch of frames) batches.push(batch);
  return batches;
}

async function* replay(batches: readonly (readonly SourceFrame[])[]) {
  yield* batches;
}

/** Flipped bits and a cut somewhere. */
const damage = () =>
  fc.record({
    flips: fc.array(fc.record({ at: fc.nat(file.length - 1), bits: fc.integer({ min: 1, max: 255 }) }), {
      maxLength: 4,
    }),
    cutAt: fc.oneof(fc.constant(file.length), fc.nat(file.length - 1)),
  });

async function writeDamaged({ flips, cutAt }: { flips: { at: number; bits: number }[]; cutAt: number }) {
  const copy = Buffer.from(file);
  for (const { at, bits } of flips) copy[at] = (copy[at] as number) ^ bits;
  await writeFile(expected().path, copy.subarray(0, cutAt));
}

describe('whatever the bytes are, the answer is mismatches', () => {
  test('untouched · none', async () => {
    await writeFile(expected().path, file);
    expect((await verifyFile(expected())).mismatches).toEqual([]);
  });

  test('a cut anywhere · never unnoticed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), async (cutAt) => {
        await writeDamaged({ flips: [], cutAt });
        expect((await compareFile(expected())).mismatches).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('bytes turned and cut · read to an end', async () => {
    await fc.assert(
      fc.asyncProperty(damage(), async (what) => {
        await writeDamaged(what);
        expect(Array.isArray((await compareFile(expected())).mismatches)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('any bytes behind the header · read to an end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.nat(600), async (bytes, headLength) => {
        await writeFile(expected().path, Buffer.concat([file.subarray(0, headLength), bytes]));
        expect((await compareFile(expected())).mismatches).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('the decoder too', async () => {
    await fc.assert(
      fc.asyncProperty(damage(), async (what) => {
        await writeDamaged(what);
        expect(Array.isArray((await verifyFile(expected())).mismatches)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test('an element that claims more than there is takes no memory', async () => {
    const cluster = file.indexOf('1f43b675', 0, 'hex');
    const claims = Buffer.from('1f43b675 01ffffffffffffff a3 01fffffffffffff0'.replaceAll(' ', ''), 'hex');
    await writeFile(expected().path, Buffer.concat([file.subarray(0, cluster), claims]));
    const { mismatches } = await compareFile(expected());
    expect(mismatches[0]).toMatchObject({ what: 'container' });
  });
});
