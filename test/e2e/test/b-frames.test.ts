import { join } from 'node:path';
import { generateCall } from '@rawreel/fixtures';
import { probePackets, watchVideo } from '@rawreel/fixtures/judge';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { make, temporaryFolder } from '../src/rawreel.ts';

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

const BETWEEN = 2;

/** Pictures as an encoder of a stream over RTMP or WHIP makes them, with a camera that was off for a second. */
const caller = {
  id: 'ann',
  sessions: [
    {
      tracks: [
        { kind: 'audio', segments: [{ startMs: 0, durationMs: 4200 }] },
        {
          kind: 'video',
          codec: 'h264',
          profile: 'main',
          bFrames: BETWEEN,
          segments: [
            { startMs: 100, durationMs: 1700 },
            { startMs: 2800, durationMs: 1400 },
          ],
        },
      ],
    },
  ],
} as const;

/** Packets as they stand in the file, by ffprobe and by another reader, and decoded pictures with the time that they were painted with. */
async function expectShownRight(
  path: string,
  frames: readonly { readonly captureMs: number }[],
): Promise<void> {
  const packets = await probePackets(path, 'v:0');
  using input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error('no video');
  const read: number[] = [];
  for await (const { timestamp } of new EncodedPacketSink(track).packets()) read.push(timestamp * 1000);
  expect(read.length).toBe(packets.length);
  for (const [index, { ptsMs }] of packets.entries())
    expect(Math.abs(ptsMs - (read[index] ?? Number.NaN))).toBeLessThanOrEqual(1);
  const backwards = packets.filter(({ ptsMs }, index) => ptsMs < (packets[index - 1]?.ptsMs ?? 0));
  // Of each group of three one goes back from the picture that it refers to.
  expect(backwards.length).toBeGreaterThan(frames.length / (BETWEEN + 2));

  const seen = await watchVideo(path);
  expect(seen.errors).toEqual([]);
  const shown = seen.frames.filter(({ timecode }) => timecode !== undefined);
  const times = frames.map(({ captureMs }) => Math.round(captureMs)).toSorted((a, b) => a - b);
  expect(shown.map(({ timecode }) => timecode?.timeMs)).toEqual(times);
  const offsets = shown.map(({ ptsMs, timecode }) => ptsMs - (timecode?.timeMs ?? Number.NaN));
  expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(2);
}

test('H264 with B-frames · each is shown when it was captured, in MKV and in MP4', async () => {
  const call = await generateCall({ seed: 'b', callId: 'b', users: [caller] });
  const frames = call.truth.tracks.find(({ kind }) => kind === 'video')?.frames ?? [];
  expect(frames.length).toBeGreaterThan(70);
  const archive = join(room.path, 'b.zip');
  await call.writeArchive(archive);

  const all = join(room.path, 'all');
  const ended = await make('process-all', ['--input-file', archive], all, ['--no-mix', '--verify']);
  expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
  const made = ended.said.files?.filter(({ kind }) => kind !== 'audio') ?? [];
  expect(made.map(({ kind }) => kind).toSorted()).toEqual(['muxed', 'video']);
  for (const { path } of made) await expectShownRight(join(all, path), frames);

  const mp4 = join(room.path, 'mp4');
  const muxed = await make('mux-av', ['--input-file', archive], mp4, ['--container', 'mp4']);
  expect([muxed.exitCode, muxed.stderr]).toEqual([0, '']);
  await expectShownRight(join(mp4, muxed.said.files?.[0]?.path ?? ''), frames);
});
