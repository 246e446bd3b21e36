import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Moment } from '../composite/chapters.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { MuxedOutput, TrackOutput } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { describeTrack, startOf } from '../report/describe-track.ts';
import type { ReportedFile } from '../report/report.ts';
import { tenths } from '../tenths.ts';
import type { TrackProblem } from '../track-problem.ts';
import { fileZeroOf, MediaWriter, type WrittenMedia } from '../write/media-writer.ts';
import { sha256Of } from '../write/sha256.ts';
import { cutJob } from './cut-job.ts';
import { type DraftedFile, isConfirmed, setStart } from './draft.ts';
import { type JobEvents, placedBytesOf, readingOf } from './job.ts';
import { muxedChapters } from './muxed-chapters.ts';
import { leftOut, noMedia } from './silent-tracks.ts';

/** All that one worker needs to write one output: plain values. */
export interface WriteJob {
  readonly settings: OutputSettings;
  readonly output: TrackOutput | MuxedOutput;
  /** In the order of the output's tracks; those without packets are not among them. */
  readonly tracks: readonly PlacedTrack[];
  readonly draft?: DraftedFile | undefined;
  /** What happened in the call, on unix time: chapters of a muxed file. */
  readonly moments?: readonly Moment[] | undefined;
  /** Name, unique in the work folder, of the unfinished output. */
  readonly temporaryName: string;
  /** How much silence and black it may get. */
  readonly fillerBytes: number;
  /** Whether it is read back and compared with its source. */
  readonly verify: boolean;
}

/** What became of a job: a file in the work folder, or none where nothing was sent. */
export interface WriteResult {
  readonly file?: ReportedFile | undefined;
  readonly problems: readonly TrackProblem[];
}

/**
 * Writes an output from its placed tracks, or completes the draft of it.
 *
 * @throws {ProcessorError} ERR_NO_MEDIA where no frame comes of any of its tracks; ERR_OUTPUT_DIFFERS where it is verified; ERR_NO_FFMPEG, ERR_REMUX_FAILED for MP4.
 */
export async function writeJob(whole: WriteJob, events: JobEvents): Promise<WriteResult> {
  const { tracks, problems: ofCut } = await cutJob(whole, events);
  const job = { ...whole, tracks };
  const { settings, output, draft, temporaryName } = job;
  const path = join(settings.workFolder, temporaryName);
  const [placed] = tracks;
  if (placed === undefined) return { problems: [] };
  const { written, problems } =
    draft !== undefined && isConfirmed(placed)
      ? completed(settings, draft, placed, path)
      : await write(job, path, events);
  const file = reported(job, written, path);
  if (!job.verify) return { file, problems: [...ofCut, ...problems] };
  const { verifyOutput } = await import('./verify-output.ts');
  const found = await verifyOutput(settings, output, tracks, written, path, events);
  const others = problems.filter((problem) => !found.problems.some(isSaidBy(problem)));
  return {
    file: { ...file, verified: found.verified },
    problems: [...ofCut, ...others, ...found.problems],
  };
}

/** Whether a decoder has said of a track what its frames' headers had told. */
const isSaidBy =
  ({ code, trackId }: TrackProblem) =>
  (found: TrackProblem): boolean =>
    found.code === code && found.trackId === trackId;

/** The file that an MP4 is made of. */
export const muxedBefore = (path: string): string => `${path}.mkv`;

interface Written {
  readonly written: WrittenMedia;
  readonly problems: readonly TrackProblem[];
}

async function write(
  { settings, output, tracks, moments = [], fillerBytes }: WriteJob,
  path: string,
  events: JobEvents,
): Promise<Written> {
  const totalBytes = placedBytesOf(tracks);
  const reading = readingOf(settings, events, (bytes) =>
    events.onProgress({ type: 'output-progress', file: output.file, bytes, totalBytes }),
  );
  events.onProgress({ type: 'output-started', file: output.file, totalBytes });
  const container = output.kind === 'muxed' ? output.container : 'mkv';
  const docType = container === 'webm' ? 'webm' : 'matroska';
  const isNamed = output.kind === 'muxed';
  const language = isNamed ? output.language : undefined;
  const chapters = isNamed ? muxedChapters(moments, settings, tracks) : [];
  const muxed = container === 'mp4' ? muxedBefore(path) : path;
  const writer = new MediaWriter(
    settings,
    tracks,
    { path: muxed, docType, isNamed, language, chapters },
    reading,
    fillerBytes,
  );
  try {
    const written = await writer.write();
    const missing = writer.silent.map(({ track, reason }) => ({ track, cause: noMedia(track, reason) }));
    if (written === undefined) throw missing[0]?.cause ?? new RangeError(`${output.file} has no track`);
    const problems = [
      ...missing.map(({ track, cause }) => leftOut(track, 'TRACK_NOT_MUXED', 'in the muxed file', cause)),
      ...writer.problems(),
    ];
    if (container === 'mp4') {
      const { remuxMp4 } = await import('../ffmpeg/remux-mp4.ts');
      await remuxMp4(muxed, path, settings.ffmpegPath);
      rmSync(muxed);
    }
    return { written, problems };
  } finally {
    await writer.close();
  }
}

/** A draft has all but the start that the solve has found. */
function completed(settings: OutputSettings, draft: DraftedFile, placed: PlacedTrack, path: string): Written {
  const fileZeroMs = fileZeroOf(settings, [placed]);
  setStart(draft, fileZeroMs);
  renameSync(draft.path, path);
  const { kind, userId, sessionId, trackId } = placed.track;
  const track = { kind, ...describeTrack({ ...placed, fileZeroMs, media: draft.media }) };
  return {
    written: { ...draft, fileZeroMs, tracks: [track] },
    problems: draft.findings.map((finding) => ({ ...finding, userId, sessionId, trackId })),
  };
}

function reported({ settings, output }: WriteJob, written: WrittenMedia, path: string): ReportedFile {
  const { durationMs, fileZeroMs, tracks } = written;
  const facts = {
    path: output.file,
    ...startOf(fileZeroMs, settings.zeroUnixMs),
    durationMs: tenths(durationMs),
    byteLength: statSync(path).size,
    sha256: sha256Of(path),
    ...(settings.plan.cut === undefined ? {} : { cut: settings.plan.cut }),
  };
  const [track] = tracks;
  if (track === undefined) throw new RangeError(`${output.file} was written without a track`);
  if (output.kind !== 'muxed') return { ...track, ...facts };
  return { kind: 'muxed', ...facts, userId: track.userId, sessionId: track.sessionId, tracks };
}
