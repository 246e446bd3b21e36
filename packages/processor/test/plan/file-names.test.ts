import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fileKey,
  individualFileName,
  individualFileNames,
  type NamedMedia,
  type NamedTrack,
  type NameParts,
  safeNamePart,
  userFileNames,
} from '../../src/plan/file-names.ts';

const alice: NamedTrack = {
  callType: 'default',
  callId: 'standup',
  userId: 'alice',
  sessionId: 's-1',
  trackId: 't-1',
  screenshare: false,
};

const partsOf = (track: NamedTrack, timestampMs: number, media: NamedMedia = 'audio_only'): NameParts => ({
  track,
  media,
  extension: 'mkv',
  timestampMs,
  recordedMs: 0,
});

describe('file names', () => {
  test('name · call, user, session, media and start, as scripts of the reference expect', () => {
    expect(individualFileName(partsOf(alice, 1_795_167_000_250), false)).toBe(
      'individual_default_standup_alice_s-1_audio_only_1795167000250.mkv',
    );
    expect(individualFileName(partsOf({ ...alice, screenshare: true }, 1, 'video_only'), false)).toBe(
      'individual_default_standup_alice_s-1_shared_video_only_1.mkv',
    );
  });

  test.each([
    ['team/carol', 'team%2Fcarol'],
    ['..', '..'],
    ['a\\b', 'a%5Cb'],
    ['C:x', 'C%3Ax'],
    ['a"b<c>d|e?f*g', 'a%22b%3Cc%3Ed%7Ce%3Ff%2Ag'],
    ['a%2Fb', 'a%252Fb'],
    ['nul\0tab\tdel\u007f', 'nul%00tab%09del%7F'],
    ['\u202egnp.exe', '%E2%80%AEgnp.exe'],
    ["eve'; $(touch pwned)", 'eve%27%3B%20%24%28touch%20pwned%29'],
    ['a & b', 'a%20%26%20b'],
    ['`id`!#{x}^[y]', '%60id%60%21%23%7Bx%7D%5E%5By%5D'],
    ['no\u00a0break\u3000', 'no%C2%A0break%E3%80%80'],
    ['zero\u200bwidth\u2060\u00ad', 'zero%E2%80%8Bwidth%E2%81%A0%C2%AD'],
    ['c1\u009b31m', 'c1%C2%9B31m'],
    ['alice@example.com_1+2=3,4~5-6', 'alice@example.com_1+2=3,4~5-6'],
    ['böb-日本-🎧', 'böb-日本-🎧'],
  ])('name part · %j becomes %j', (id, safe) => {
    expect(safeNamePart(id)).toBe(safe);
  });

  test('name part · decodes to the id again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (id) => decodeURIComponent(safeNamePart(id)) === id.toWellFormed(),
      ),
    );
  });

  test('name · never over 255 bytes, never with a separator, and different for different long ids', () => {
    const long = fc.string({ unit: 'binary', minLength: 200, maxLength: 400 });
    fc.assert(
      fc.property(long, long, (one, two) => {
        fc.pre(one.toWellFormed() !== two.toWellFormed());
        const names = [one, two].map((userId) =>
          individualFileName(partsOf({ ...alice, userId }, 1_795_167_000_250), true),
        );
        for (const name of names) {
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
          expect(name).toMatch(/^individual_[^/\\:\0 ]*_audio_only_1795167000250\.mkv$/);
        }
        expect(names[0]).not.toBe(names[1]);
      }),
    );
  });

  test('names · two microphones of a session get their track ids, and only they', () => {
    const parts = [
      partsOf(alice, 1),
      partsOf({ ...alice, trackId: 't-2' }, 1),
      partsOf({ ...alice, trackId: 't-3' }, 1, 'video_only'),
    ];
    expect(individualFileNames(parts)).toEqual([
      'individual_default_standup_alice_s-1_t-1_audio_only_1.mkv',
      'individual_default_standup_alice_s-1_t-2_audio_only_1.mkv',
      'individual_default_standup_alice_s-1_video_only_1.mkv',
    ]);
  });

  test('names · users that differ in letter case or normalisation only stay apart on every file system', () => {
    const parts = ['Zoë', 'ZOË', 'zoe\u0308'].map((userId, index) =>
      partsOf({ ...alice, userId, trackId: `t-${index}` }, 1),
    );
    const names = individualFileNames(parts).map((name) => name.normalize('NFC').toLowerCase());
    expect(new Set(names).size).toBe(3);
  });

  test('names · ids that their separators hide, and track ids too · a hash of the very ids', () => {
    const same = { ...alice, trackId: 't' };
    const names = individualFileNames([
      partsOf({ ...same, userId: 'a_b', sessionId: 'c' }, 1),
      partsOf({ ...same, userId: 'a', sessionId: 'b_c' }, 1),
    ]);
    expect(new Set(names.map(fileKey)).size).toBe(2);
    expect(names[0]).toMatch(/^individual_default_standup_a_b_c_t~[0-9a-f]{12}_audio_only_1\.mkv$/);
  });

  test('names · one that another’s hashed name was copied into is told from it', () => {
    const call = { type: 'default', id: 'standup' };
    const [copied = ''] = userFileNames('voice', call, ['alice', 'ALICE'], 'flac', {
      timestampMs: 1,
      recordedMs: 1,
    });
    const userId = copied.slice('voice_default_standup_'.length, -'_1.flac'.length);
    expect(
      new Set(
        userFileNames('voice', call, ['alice', 'ALICE', userId], 'flac', {
          timestampMs: 1,
          recordedMs: 1,
        }).map(fileKey),
      ).size,
    ).toBe(3);
  });

  test('names · whatever the ids, no two are one file where letter case or normalisation is folded', () => {
    const id = fc.string({
      unit: fc.constantFrom('a', 'A', 'ß', 's', 'ſ', 'é', 'e\u0301', '_', '\u200b'),
      maxLength: 3,
    });
    const track = fc.record({ userId: id, sessionId: id, trackId: id });
    fc.assert(
      fc.property(
        fc.uniqueArray(track, { selector: (ids) => JSON.stringify(ids), maxLength: 30 }),
        (tracks) => {
          const names = individualFileNames(tracks.map((ids) => partsOf({ ...alice, ...ids }, 1)));
          expect(new Set(names.map(fileKey)).size).toBe(tracks.length);
        },
      ),
    );
  });
});
