import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scanJob } from '../../src/jobs/scan-job.ts';
import type { PlacedTrack } from '../../src/read/placed-track.ts';
import { TrackFrames } from '../../src/read/track-frames.ts';
import { placeRecording } from '../support/place-recording.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-copied-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Track = CallSpec['users'][number]['sessions'][number]['tracks'][number];
type Video = Extract<Track, { kind: 'video' }>;

const quiet = { onProgress: () => undefined };
let count = 0;

interface Wanted {
  /** A file of its own is made of the track, too. */
  readonly mayDraft: boolean;
  readonly wantFrames: boolean;
}

/** A camera's track that somebody reads again, scanned as a run does. */
async function scanned(more: Partial<Video>, { mayDraft = true, wantFrames = true }: Partial<Wanted> = {}) {
  const segments = [{ startMs: 0, durationMs: 3000 }];
  const track: Video = { kind: 'video', codec: 'vp8', segments, ...more };
  const call = await generateCall({ seed: 5, users: [{ id: 'ann', sessions: [{ tracks: [track] }] }] });
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  const recording = await openRecording(archive);
  const { plan, placed } = await placeRecording(recording, { outputs: ['video', 'muxed'] });
  const [own] = placed;
  if (own === undefined) throw new Error('nothing was placed');
  const workFolder = join(folder, `${count}`);
  await mkdir(workFolder);
  const settings = { plan, zeroUnixMs: plan.zeroUnixMs ?? 0, workFolder, madeBy: 'test' };
  const job = { settings, track: own.track, number: 0, mayDraft, readers: 1, isMixed: false };
  const { scans, draft } = await scanJob({ ...job, wantFrames }, quiet);
  return { read: own, copied: { ...own, scans }, draft, files: () => readdir(workFolder) };
}

/** All that a writer is told of a track's frames, and the bytes of dumps that it is told were read. */
async function toldOf(placed: PlacedTrack) {
  let bytes = 0;
  const reading = {
    onBytes: (more: number) => {
      bytes += more;
    },
  };
  const frames = new TrackFrames(placed, reading);
  const all: unknown[] = [];
  for await (const batch of frames.batches())
    for (const { frame, ...timed } of batch) {
      const { chunks, shownEarlier = false, ...rest } = frame;
      all.push({
        ...timed,
        frame: { ...rest, shownEarlier, bytes: Buffer.concat(chunks).toString('base64') },
      });
    }
  return { all, bytes, statistics: frames.statistics };
}

const MANNERS = [
  ['in a draft', { mayDraft: true }],
  ['by themselves', { mayDraft: false }],
] as const;

describe.each(MANNERS)(
  'frames copied %s while their track is scanned are those of a second reading',
  (_, manner) => {
    test.each<[string, Partial<Video>]>([
      ['vp8 with loss', { impair: { loss: 0.03, exposeFirstFrame: true } }],
      ['vp9 with reordering', { codec: 'vp9', impair: { reorder: { probability: 0.05, withinMs: 40 } } }],
      ['av1', { codec: 'av1' }],
      ['h264 with frames that are shown earlier', { codec: 'h264', bFrames: 2 }],
      [
        'h264 that begins behind black, and changes its size',
        {
          codec: 'h264',
          segments: [
            {
              startMs: 0,
              durationMs: 4000,
              firstKeyFrameAfterMs: 1500,
              keyFrameEveryMs: 1000,
              parts: [{ durationMs: 3000 }, { width: 160, height: 90 }],
            },
          ],
        },
      ],
      [
        'turned, larger than a piece',
        { rotation: 90, bitrate: 8_000_000, texture: 1, width: 1280, height: 720 },
      ],
    ])('%s', async (_name, video) => {
      const { read, copied } = await scanned(video, manner);
      expect(copied.scans[0]?.frames).toBeDefined();
      const told = await toldOf(copied);
      expect(told).toEqual(await toldOf(read));
      expect(told.all.length).toBeGreaterThan(10);
    });
  },
);

test('frames copied in a draft are there after it has been moved away', async () => {
  const { read, copied, draft } = await scanned({});
  await rm(draft?.path ?? '');
  expect(await toldOf(copied)).toEqual(await toldOf(read));
});

describe.each(MANNERS)('no frames are copied %s', (_, manner) => {
  test('where the packets part into runs; nothing is left of them', async () => {
    const { read, copied, files } = await scanned({ impair: { ssrcChanges: [{ atMs: 1000 }] } }, manner);
    expect([copied.scans[0]?.frames, await files()]).toEqual([undefined, []]);
    expect(await toldOf(copied)).toEqual(await toldOf(read));
  });

  test('where somebody wants the dump: its bytes are', async () => {
    const { copied, files } = await scanned({}, { ...manner, wantFrames: false });
    expect(copied.scans[0]?.frames).toBeUndefined();
    expect(await files()).toContain('spool-0-0');
  });
});

test('a track of several dumps is copied as they are', async () => {
  const segments = [
    { startMs: 0, durationMs: 1000 },
    { startMs: 2000, durationMs: 1000 },
  ];
  const { read, copied, files } = await scanned({ segments }, { mayDraft: false });
  expect(await files()).toEqual(['spool-0-0', 'spool-0-1']);
  expect(await toldOf(copied)).toEqual(await toldOf(read));
});
