import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArchiveError } from '../src/index.ts';
import { codes, drain, openBytes } from './builders/open.ts';
import { metadata, nested, segment } from './builders/recording.ts';
import { buildTar } from './builders/tar.ts';
import { buildZip } from './builders/zip.ts';

/** Opens and reads everything; anything but a recording or an ArchiveError goes through as the failure it is. */
async function survive(bytes: Uint8Array): Promise<'opened' | 'refused'> {
  try {
    await using recording = await openBytes(bytes);
    for (const { segments } of recording.tracks) {
      for (const { dump } of segments) {
        if (dump !== undefined) await drain(dump, bytes, { maxEntrySize: 10_000_000 });
      }
    }
    for (const { message } of recording.problems) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
    return 'opened';
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    expect(error.code).toMatch(/^ERR_/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    return 'refused';
  }
}

const files = [...nested('alice'), ...nested('bob')];
const zip = buildZip(files);
const stored = buildZip(
  files.map((file) => ({ ...file, stored: true, zip64: true })),
  { zip64: true },
);
const tar = buildTar(files);
const tarGz = gzipSync(tar);

/**
 * Some bytes changed; half of the time also some left out or put in. Only changes in place keep offsets true, so that
 * what lies behind the first parser is reached.
 */
function mutations(bytes: Buffer): fc.Arbitrary<Buffer> {
  const at = fc.nat(bytes.length - 1);
  const replace = fc.record({
    at,
    cut: fc.constant(undefined),
    put: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  const shift = fc.record({ at, cut: fc.nat(40), put: fc.uint8Array({ maxLength: 12 }) });
  const some = { minLength: 1, maxLength: 6 };
  return fc.oneof(fc.array(replace, some), fc.array(fc.oneof(replace, shift), some)).map((edits) => {
    let mutated: Buffer = Buffer.from(bytes);
    for (const { at, cut, put } of edits) {
      mutated = Buffer.concat([mutated.subarray(0, at), put, mutated.subarray(at + (cut ?? put.length))]);
    }
    return mutated;
  });
}

describe('hostile input · a recording or an ArchiveError, nothing else', () => {
  test('random bytes', async () => {
    const starts = ['', 'PK\x03\x04', '\x1f\x8b\x08\0', 'PK\x05\x06'].map((start) =>
      Buffer.from(start, 'latin1'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.uint8Array({ maxLength: 2000 }),
        async (start, bytes) => {
          expect(await survive(Buffer.concat([start, bytes]))).toBe('refused');
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ['ZIP', zip],
    ['stored ZIP64', stored],
    ['tar', tar],
    ['tar.gz', tarGz],
  ])('a good %s with random edits', async (_, good) => {
    expect(await survive(good)).toBe('opened');
    const outcomes = { opened: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutations(good), async (bytes) => {
        outcomes[await survive(bytes)] += 1;
      }),
      { numRuns: 400 },
    );
    // Both ends were reached: neither was everything refused at the door, nor did the edits do nothing.
    expect(outcomes.opened).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  test('good metadata with random edits', async () => {
    const good = Buffer.from(metadata('bob', [segment('audio_1'), segment('audio_2')], [segment('video_1')]));
    await fc.assert(
      fc.asyncProperty(mutations(good), async (data) => {
        const bytes = buildZip([...nested('alice'), { name: 'rec/bob/timing_metadata.json', data }]);
        expect(await survive(bytes)).toBe('opened');
      }),
      { numRuns: 300 },
    );
  });

  test('any JSON as metadata', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), fc.jsonValue(), async (whole, part) => {
        const bytes = buildZip([
          ...nested('alice'),
          { name: 'a/timing_metadata.json', data: whole },
          { name: 'b/timing_metadata.json', data: metadata('bob', part, [part, part]) },
          {
            name: 'c/timing_metadata.json',
            data: metadata('carol', [segment('audio_1', { track_id: part })]),
          },
        ]);
        expect(await survive(bytes)).toBe('opened');
      }),
      { numRuns: 200 },
    );
  });

  test('any text as a name is either refused or kept inside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (name) => {
        expect(await survive(buildZip([...nested('alice'), { name: `${name}.rtpdump`, data: 'x' }]))).toBe(
          'opened',
        );
      }),
      { numRuns: 200 },
    );
  });

  test('SDPs that inflate to more than all of them may are not read', async () => {
    const data = Buffer.alloc(8_000_000, 'v=0\n');
    const names = Array.from({ length: 12 }, (_, at) => `audio_${at}`);
    const bytes = buildZip([
      ...names.map((name) => ({ name: `${name}.rtpdump`, data: 'x' })),
      ...names.map((name) => ({ name: `${name}.sdp`, data })),
      {
        name: 'timing_metadata.json',
        data: metadata(
          'alice',
          names.map((name) => segment(name)),
        ),
      },
    ]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(Array(4).fill('ENTRY_TOO_LARGE damage'));
    expect(recording.tracks[0]?.segments.filter(({ sdp }) => sdp !== undefined)).toHaveLength(8);
  });

  // Four minutes where each segment is held against each file, two seconds where it is not.
  test('a file that every segment is looking for does not make the search quadratic', {
    timeout: 80_000,
  }, async () => {
    const all = Array.from({ length: 20_000 }, (_, at) => at);
    const bytes = buildZip([
      ...all.map((at) => ({ name: `far/${at}/audio_1.rtpdump`, data: 'x' })),
      {
        name: 'rec/timing_metadata.json',
        data: metadata(
          'alice',
          all.map((at) => segment('audio_1', { track_id: `t${at}` })),
        ),
      },
    ]);
    expect(await survive(bytes)).toBe('opened');
  });

  // Hours where the text is looked through from each quote on.
  test('escaped quotes without end cost no more than their length', async () => {
    const bytes = buildZip([
      ...nested('alice'),
      { name: 'x_timing_metadata.json', data: `"${'\\"'.repeat(2_000_000)}\\` },
    ]);
    expect(await survive(bytes)).toBe('opened');
  });
});
