import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioTrackSpec, generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode } from '../../src/verify/ffmpeg-decoding.ts';
import { bareStream } from '../../src/verify/simple-containers/bare-stream.ts';
import { verifyFile } from '../../src/verify/verify-file.ts';
import { withVideoEncrypted } from '../support/encrypted-call.ts';
import { flipByte, payloadOf, simpleBlocks } from './support/damage.ts';
import { makeFile } from './support/make-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SEGMENTS = [
  { startMs: 200, durationMs: 2000 },
  { startMs: 3200, durationMs: 1000 },
];
const SOUND: AudioTrackSpec = { kind: 'audio', background: 0.1, segments: SEGMENTS };
const CODECS = ['vp8', 'vp9', 'h264', 'av1'] as const;
const picture = (codec: (typeof CODECS)[number]): VideoTrackSpec => ({
  kind: 'video',
  codec,
  width: 320,
  height: 240,
  keyFrameEveryMs: 1000,
  segments: SEGMENTS,
});

const callOf = (...tracks: (AudioTrackSpec | VideoTrackSpec)[]) =>
  generateCall({ seed: 3, users: [{ id: 'alice', sessions: [{ tracks }] }] });

/** Enough of each payload for its descriptor and what the depacketizer reads of a frame. */
const CLEAR_BYTES = { vp8: 15, vp9: 60, h264: 60, av1: 60 };

describe('a source that does not decode', () => {
  for (const codec of CODECS) {
    test(`${codec} encrypted end to end, black in its gap · its file is sound, and the track is named`, async () => {
      const call = withVideoEncrypted(await callOf(SOUND, picture(codec)), CLEAR_BYTES[codec]);
      await using made = await makeFile(call, folder);
      const { mismatches, undecodable, frames } = await verifyFile(made.expected());
      expect(mismatches).toEqual([]);
      const { tracks } = made.expected();
      expect(undecodable.map(({ track }) => tracks[track]?.kind)).toEqual(['video']);
      expect(undecodable[0]?.ofSource.complaints).toBeGreaterThan(0);
      expect(frames).toBeGreaterThan(200);
    });
  }

  test('a file that holds other bytes than such a source is still told from it', async () => {
    const call = withVideoEncrypted(await callOf(picture('vp9')), CLEAR_BYTES.vp9);
    await using made = await makeFile(call, folder);
    const file = await readFile(made.path);
    const path = join(folder, 'spoilt.mkv');
    await writeFile(path, flipByte(file, payloadOf(simpleBlocks(file)[20] ?? expect.fail()) + 70));
    const { mismatches, undecodable } = await verifyFile(made.expected(path));
    expect(mismatches.map(({ what }) => what)).toEqual(['content', 'decode']);
    expect(undecodable).toEqual([]);
  });
});

test('a writer’s mistake that no frame shows is told: the source’s own frames decode', async () => {
  await using made = await makeFile(await callOf(picture('h264')), folder);
  const file = await readFile(made.path);
  const avcC = file.indexOf(Buffer.from([0x63, 0xa2])) + 2;
  const sequenceSet = file.indexOf(0x67, avcC);
  const path = join(folder, 'other-private.mkv');
  // Another sequence parameter set than the frames were made with.
  await writeFile(path, flipByte(file, sequenceSet + 5));
  const { mismatches, undecodable } = await verifyFile(made.expected(path));
  expect(mismatches.map(({ what }) => what)).toEqual(['decode']);
  expect(undecodable).toEqual([]);
});

describe('frames alone, in the simplest container there is for them', () => {
  for (const codec of CODECS) {
    test(`${codec} · a decoder has nothing to complain of`, async () => {
      await using made = await makeFile(await callOf(picture(codec)), folder);
      const [track] = made.expected().tracks;
      const stream = await bareStream(track?.codedFrames?.() ?? expect.fail());
      const { words, isClean } = await decode(stream ?? expect.fail(), new Set(['video']), {});
      expect([words, isClean]).toEqual(['ffmpeg complains 0 times and ends with 0', true]);
    });
  }

  test('opus · every packet is decoded', async () => {
    await using made = await makeFile(await callOf(SOUND), folder);
    const [track] = made.expected().tracks;
    const stream = await bareStream(track?.codedFrames?.() ?? expect.fail());
    const { isClean, audioMs } = await decode(stream ?? expect.fail(), new Set(['audio']), {});
    expect(isClean).toBe(true);
    // Without the second of pause, which is no packet’s.
    expect(audioMs).toBeCloseTo(3000, -2);
  });

  test('no frame, no stream', async () => {
    expect(await bareStream((async function* () {})())).toBeUndefined();
  });
});
