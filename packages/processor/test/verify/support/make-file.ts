import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import type { GeneratedCall } from '@rawreel/fixtures';
import { MatroskaWriter, MemorySink } from '@rawreel/matroska';
import type { PlanRequest } from '../../../src/plan/plan.ts';
import { planRecording } from '../../../src/plan/plan-recording.ts';
import { makeTrack } from '../../../src/run/make-track.ts';
import type { TrackJob } from '../../../src/run/track-job.ts';
import { clockRateOf } from '../../../src/scan/dump-packets.ts';
import { scanTrack } from '../../../src/scan/scan-track.ts';
import { placeTrack } from '../../../src/time/place-track.ts';
import type { PlacedTrack } from '../../../src/time/placed-track.ts';
import type { ExpectedFile, ExpectedTrack } from '../../../src/verify/expectation.ts';
import { sourceFrames } from '../../../src/verify/source-frames.ts';
import { AudioTrack } from '../../../src/write/audio-track.ts';
import { TrackFrames } from '../../../src/write/track-frames.ts';
import { VideoTrack } from '../../../src/write/video-track.ts';

export interface MadeFile extends AsyncDisposable {
  readonly path: string;
  /** What a copy of the file at `path` must hold; the source is read anew. */
  expected(path?: string): ExpectedFile;
}

const READING = { onBytes: () => undefined };

let count = 0;

/** Writes the only track of a call as the pipeline does. */
export async function makeFile(
  call: GeneratedCall,
  folder: string,
  request: Partial<PlanRequest> = {},
): Promise<MadeFile> {
  const opened = await open(call, folder, request);
  const [{ job, placed }] = opened.tracks as [OpenedTrack];
  const { file } = await makeTrack(job, { onProgress: () => undefined });
  if (file === undefined) throw new Error('nothing was written');
  const zeroMs = request.align === 'recording' ? job.zeroUnixMs : (placed.runs[0]?.startMs ?? 0);
  const path = join(folder, job.temporaryName);
  return {
    path,
    expected: (copy = path) => ({
      path: copy,
      tracks: [expectedOf(opened.tracks[0] as OpenedTrack, zeroMs)],
    }),
    [Symbol.asyncDispose]: opened.close,
  };
}

/** Writes the tracks of a call into one file. */
export async function makeMuxedFile(call: GeneratedCall, folder: string) {
  const opened = await open(call, folder, {});
  const zeroMs = Math.min(...opened.tracks.map(({ placed }) => placed.runs[0]?.startMs ?? Infinity));
  const sink = new MemorySink();
  const media = [];
  for (const { job, placed } of opened.tracks) media.push(await collect(job, placed, zeroMs));
  const writer = new MatroskaWriter(sink, {
    docType: 'matroska',
    tracks: media.map(({ entry }) => entry),
    writingApp: 'test',
  });
  const frames = media.flatMap((one, index) => one.frames.map((frame) => ({ frame, track: index + 1 })));
  frames.sort((a, b) => a.frame.timestampMs - b.frame.timestampMs);
  for (const { track, frame } of frames) await writer.addFrame(track, frame);
  await writer.finish();
  return {
    bytes: Buffer.from(sink.bytes),
    expected: (path: string): ExpectedFile => ({
      path,
      tracks: opened.tracks.map((track) => expectedOf(track, zeroMs)),
    }),
    [Symbol.asyncDispose]: opened.close,
  };
}

interface OpenedTrack {
  readonly job: TrackJob;
  readonly placed: PlacedTrack;
}

async function open(call: GeneratedCall, folder: string, request: Partial<PlanRequest>) {
  const path = join(folder, `${++count}.zip`);
  await call.writeArchive(path);
  const recording = await openRecording(path);
  const plan = planRecording(recording, { outputs: ['audio', 'video'], ...request });
  const tracks: OpenedTrack[] = [];
  for (const output of plan.outputs) {
    const { track } = output;
    const scans = await scanTrack(track.segments, READING);
    const codec = track.segments[0]?.codec;
    if (codec === undefined) throw new Error('a track has no codec');
    const runs = placeTrack(
      scans.map((scan) => scan.runs),
      clockRateOf(codec),
    );
    const temporaryName = `${++count}.mkv`;
    const job = { plan, zeroUnixMs: plan.zeroUnixMs ?? 0, output, workFolder: folder, temporaryName };
    tracks.push({ job: { ...job, madeBy: 'test' }, placed: { track, codec, scans, runs } });
  }
  return { tracks, close: async () => await recording[Symbol.asyncDispose]() };
}

function expectedOf({ job, placed }: OpenedTrack, zeroMs: number): ExpectedTrack {
  const { plan, output } = job;
  const filled = plan.gaps === 'fill' && plan.dtx === 'fill';
  return { kind: output.kind, frames: sourceFrames(placed, zeroMs, READING), filled };
}

async function collect(job: TrackJob, placed: PlacedTrack, zeroMs: number) {
  type Frame = Parameters<MatroskaWriter['addFrame']>[1];
  const frames: Frame[] = [];
  const write = (frame: Frame) => void frames.push(frame);
  const { gaps, dtx } = job.plan;
  const media =
    job.output.kind === 'audio'
      ? new AudioTrack({ channels: 1, gaps, dtx, write })
      : new VideoTrack({ gaps, write });
  let entry: ReturnType<typeof media.entry> | undefined;
  for await (const batch of new TrackFrames(placed, READING).batches()) {
    for (const { frame, run, unixMs, boundary } of batch) {
      entry ??= media.entry(frame);
      await media.add(frame, { atMs: unixMs - zeroMs, runAtMs: run.startMs - zeroMs }, boundary);
    }
  }
  media.finish();
  if (entry === undefined) throw new Error('a track is empty');
  return { entry, frames };
}
