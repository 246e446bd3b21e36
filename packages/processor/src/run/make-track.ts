import { ProcessorError } from '../processor-error.ts';
import { clockRateOf } from '../scan/dump-packets.ts';
import type { ReadingOptions } from '../scan/open-dump.ts';
import { type SegmentScan, scanTrack } from '../scan/scan-track.ts';
import { placeTrack } from '../time/place-track.ts';
import { Draft } from '../write/draft.ts';
import { TrackWriter } from '../write/track-writer.ts';
import { dumpBytesOf, type TrackJob, type TrackJobEvents, type TrackResult } from './track-job.ts';

/** Scans, places and writes one track. */
export async function makeTrack(job: TrackJob, { signal, onProgress }: TrackJobEvents): Promise<TrackResult> {
  const { file, track } = job.output;
  const totalBytes = dumpBytesOf(job);
  const meter = (stage: 'scan' | 'write') => {
    let bytes = 0;
    return (more: number) => {
      bytes += more;
      onProgress({ type: 'track-progress', file, stage, bytes, totalBytes });
    };
  };
  const reading = {
    ...(signal === undefined ? {} : { signal }),
    ...(job.maxEntrySize === undefined ? {} : { maxEntrySize: job.maxEntrySize }),
  };
  onProgress({ type: 'track-started', file, totalBytes });
  const draft = Draft.of(job);
  try {
    const scans = await scanTrack(track.segments, {
      ...reading,
      ...(draft === undefined
        ? { spool: { folder: job.workFolder, prefix: `${job.temporaryName}-spool` } }
        : { tap: draft }),
      nearMs: job.zeroUnixMs,
      onBytes: meter('scan'),
    });
    const written = await writeTrack(job, scans, draft, { ...reading, onBytes: meter('write') });
    const own = { userId: track.userId, sessionId: track.sessionId, trackId: track.trackId };
    const problems = [...scans.flatMap((scan) => scan.problems), ...written.problems];
    return { ...written, problems: problems.map((problem) => ({ ...problem, ...own })) };
  } finally {
    draft?.close();
  }
}

/** Keeps the draft where it came true, and writes from a second reading where it did not or there is none. */
async function writeTrack(
  job: TrackJob,
  scans: readonly SegmentScan[],
  draft: Draft | undefined,
  reading: ReadingOptions,
): Promise<TrackResult> {
  const codec = scans.find(({ runs }) => runs.length > 0)?.segment.codec;
  if (codec === undefined) return { problems: [] };
  const runs = placeTrack(
    scans.map((scan) => scan.runs),
    clockRateOf(codec),
  );
  const drafted = await draft?.finish(scans, runs);
  if (draft !== undefined && drafted !== undefined) return { file: drafted, problems: draft.problems() };
  draft?.close();
  const writer = new TrackWriter(job, { track: job.output.track, codec, scans, runs });
  try {
    const file = await writer.write(reading);
    return { problems: writer.problems(), ...(file === undefined ? {} : { file }) };
  } finally {
    writer.close();
  }
}

/** A failure that names its output. */
export function trackFailed({ output }: TrackJob, cause: unknown): ProcessorError {
  if (cause instanceof ProcessorError) return cause;
  return new ProcessorError('ERR_TRACK_FAILED', `${output.file}: ${(cause as Error).message}`, { cause });
}
