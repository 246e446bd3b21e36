import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { remuxMp4 } from '../ffmpeg/remux-mp4.ts';
import type { MuxedOutput, TrackOutput } from '../plan/plan.ts';
import { describeTrack, startOf, tenths } from '../report/describe-track.ts';
import type { ReportedFile, TrackProblem } from '../report/report.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import { type DraftedFile, holds, setStart } from '../write/draft.ts';
import type { Making } from '../write/making.ts';
import { fileZeroOf, MediaWriter, type WrittenMedia } from '../write/media-writer.ts';
import { sha256Of } from '../write/sha256.ts';
import { dumpBytesOf, type JobEvents, readingOf } from './job.ts';

/** All that one worker needs to write one output: plain values. */
export interface WriteJob {
  readonly making: Making;
  readonly output: TrackOutput | MuxedOutput;
  /** In the order of the output's tracks; those without packets are not among them. */
  readonly tracks: readonly PlacedTrack[];
  readonly draft?: DraftedFile;
  /** Name, unique in the work folder, of the unfinished output. */
  readonly temporaryName: string;
}

/** What became of a job: a file in the work folder, or problems that say why there is none. */
export interface WriteResult {
  readonly file?: ReportedFile;
  readonly problems: readonly TrackProblem[];
}

/** Writes an output from its placed tracks, or completes the draft of it. */
export async function writeJob(job: WriteJob, events: JobEvents): Promise<WriteResult> {
  const { making, output, tracks, draft, temporaryName } = job;
  const path = join(making.workFolder, temporaryName);
  const [placed] = tracks;
  if (placed === undefined) return { problems: [] };
  if (draft !== undefined && holds(draft, placed)) return completed(job, draft, placed, path);
  const totalBytes = tracks.reduce((sum, { track }) => sum + dumpBytesOf(track), 0);
  const reading = readingOf(making, events, (bytes) =>
    events.onProgress({ type: 'output-progress', file: output.file, bytes, totalBytes }),
  );
  events.onProgress({ type: 'output-started', file: output.file, totalBytes });
  const container = output.kind === 'muxed' ? output.container : 'mkv';
  const docType = container === 'webm' ? 'webm' : 'matroska';
  const writer = new MediaWriter(making, tracks, { path, docType }, reading);
  try {
    const written = await writer.write();
    const problems = writer.problems();
    if (written === undefined) return { problems };
    if (container === 'mp4') await becomeMp4(path, making.ffmpegPath);
    return { file: reported(job, written, path), problems };
  } finally {
    await writer.close();
  }
}

/** The same packets in another container, under the same name. */
async function becomeMp4(path: string, ffmpegPath: string | undefined): Promise<void> {
  const mp4 = `${path}.mp4`;
  await remuxMp4(path, mp4, ffmpegPath);
  rmSync(path);
  renameSync(mp4, path);
}

/** A draft has all but the start that the solve has found. */
function completed(job: WriteJob, draft: DraftedFile, placed: PlacedTrack, path: string): WriteResult {
  const fileZeroMs = fileZeroOf(job.making, [placed]);
  setStart(draft, fileZeroMs);
  renameSync(draft.path, path);
  const { kind, userId, sessionId, trackId } = placed.track;
  const track = { kind, ...describeTrack({ ...placed, fileZeroMs, media: draft.media }) };
  return {
    file: reported(job, { ...draft, fileZeroMs, tracks: [track] }, path),
    problems: draft.findings.map((finding) => ({ ...finding, userId, sessionId, trackId })),
  };
}

function reported({ making, output }: WriteJob, written: WrittenMedia, path: string): ReportedFile {
  const { durationMs, fileZeroMs, tracks } = written;
  const facts = {
    path: output.file,
    ...startOf(fileZeroMs, making.zeroUnixMs),
    durationMs: tenths(durationMs),
    byteLength: statSync(path).size,
    sha256: sha256Of(path),
  };
  const [track] = tracks;
  if (track === undefined) throw new RangeError(`${output.file} was written without a track`);
  if (output.kind !== 'muxed') return { ...track, ...facts };
  return { kind: 'muxed', ...facts, userId: track.userId, sessionId: track.sessionId, tracks };
}
