import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDump } from '../../src/read/open-dump.ts';
import type { TimedFrame } from '../../src/read/timed-frame.ts';
import { TrackFrames } from '../../src/read/track-frames.ts';
import { placeRecording } from '../support/place-recording.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-frames-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Track = CallSpec['users'][number]['sessions'][number]['tracks'][number];

let count = 0;

async function placedOf(track: Track) {
  const call = await generateCall({ seed: 9, users: [{ id: 'ann', sessions: [{ tracks: [track] }] }] });
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  const { placed } = await placeRecording(await openRecording(archive), { outputs: ['audio', 'video'] });
  const [own] = placed;
  if (own === undefined) throw new Error('nothing was placed');
  return { call, own };
}

/** The frames of one track, read as writers read them. */
async function framesOf(track: Track) {
  const { call, own } = await placedOf(track);
  const frames = new TrackFrames(own, { onBytes: () => undefined });
  const all: TimedFrame[] = [];
  for await (const batch of frames.batches()) all.push(...batch);
  return { all, frames, truth: call.truth.tracks[0] };
}

describe('a track’s frames', () => {
  test.each(['opus', 'vp8', 'h264', 'vp9', 'av1'] as const)(
    '%s · every frame in order, its bytes as sent, as far apart as captured',
    async (codec) => {
      const segments = [{ startMs: 0, durationMs: 1000 }];
      const { all, truth } = await framesOf(
        codec === 'opus' ? { kind: 'audio', segments } : { kind: 'video', codec, segments },
      );
      const sent = (truth?.frames ?? []).filter(({ sent }) => sent);
      expect(all.length).toBe(sent.length);
      const [first] = all;
      for (const [index, { unixMs }] of all.entries()) {
        const wanted = (sent[index]?.captureMs ?? 0) - (sent[0]?.captureMs ?? 0);
        expect(Math.abs(unixMs - (first?.unixMs ?? 0) - wanted)).toBeLessThan(1);
      }
      if (codec === 'opus' || codec === 'vp8')
        expect(all.map(({ frame }) => Buffer.concat(frame.chunks).toString('hex'))).toEqual(
          sent.map(({ data }) => Buffer.from(data).toString('hex')),
        );
    },
  );

  test('boundaries · before the first, where the source paused, between segments; none within', async () => {
    const { all } = await framesOf({
      kind: 'audio',
      segments: [
        { startMs: 0, durationMs: 3000, pauses: [{ atMs: 1000, wallMs: 1000, rtpMs: 0 }] },
        { startMs: 5000, durationMs: 1000 },
      ],
    });
    const boundaries = all.flatMap(({ boundary }, index) => (boundary === 'none' ? [] : [[index, boundary]]));
    expect(boundaries).toEqual([
      [0, 'before-start'],
      [50, 'source-silent'],
      [100, 'between-segments'],
    ]);
  });

  test('a segment whose frames none can decode · named with its reason', async () => {
    const { all, frames } = await framesOf({
      kind: 'video',
      codec: 'vp8',
      segments: [{ startMs: 0, durationMs: 1000, firstKeyFrameAfterMs: 5000 }],
    });
    expect(all).toEqual([]);
    expect(frames.barren).toMatchObject([{ reason: expect.stringContaining('before any key frame') }]);
  });

  test('given up half-way · nothing is left open', async () => {
    const call = await generateCall({
      users: [
        {
          id: 'ann',
          sessions: [{ tracks: [{ kind: 'audio', segments: [{ startMs: 0, durationMs: 2000 }] }] }],
        },
      ],
    });
    const archive = join(folder, 'given-up.zip');
    await call.writeArchive(archive);
    await using recording = await openRecording(archive);
    const { placed } = await placeRecording(recording, { outputs: ['audio'] });
    const [own] = placed;
    if (own === undefined) throw new Error('nothing was placed');
    const batches = new TrackFrames(own, { onBytes: () => undefined }).batches();
    expect((await batches.next()).done).toBe(false);
    await batches.return();
    expect((await batches.next()).done).toBe(true);
  });

  test('a copy on disk, which never keeps anybody waiting · an abort is heard', async () => {
    const { own } = await placedOf({ kind: 'audio', segments: [{ startMs: 0, durationMs: 10_000 }] });
    const scans = await Promise.all(
      own.scans.map(async (scan) => {
        const spool = join(folder, `spool-${++count}`);
        if (scan.segment.dump !== undefined) await writeFile(spool, openDump(scan.segment.dump, {}));
        return { ...scan, spool };
      }),
    );
    const reason = new Error('enough');
    const controller = new AbortController();
    const reading = { signal: controller.signal, copyPieceBytes: 200, onBytes: () => undefined };
    const reads = async () => {
      for await (const _ of new TrackFrames({ ...own, scans }, reading).batches())
        for (const since = performance.now(); performance.now() - since < 20; );
    };
    setTimeout(() => controller.abort(reason), 0);
    await expect(reads()).rejects.toBe(reason);
  });
});
