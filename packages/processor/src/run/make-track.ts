import { ProcessorError } from '../processor-error.ts';
import { scanTrack } from '../scan/scan-track.ts';
import { TrackWriter } from '../write/track-writer.ts';
import type { TrackJob, TrackJobEvents, TrackResult } from './track-job.ts';

/** Scans, places and writes one track. */
export async function makeTrack(job: TrackJob, { signal, onProgress }: TrackJobEvents): Promise<TrackResult> {
  const { file, track } = job.output;
  const totalBytes = track.segments.reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);
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
  const scans = await scanTrack(track.segments, {
    ...reading,
    spool: { folder: job.workFolder, prefix: `${job.temporaryName}-spool` },
    nearMs: job.zeroUnixMs,
    onBytes: meter('scan'),
  });
  const writer = new TrackWriter(job, scans);
  try {
    const made = await writer.write({ ...reading, onBytes: meter('write') });
    const own = { userId: track.userId, sessionId: track.sessionId, trackId: track.trackId };
    const problems = [...scans.flatMap((scan) => scan.problems), ...writer.problems()];
    return {
      problems: problems.map((problem) => ({ ...problem, ...own })),
      ...(made === undefined ? {} : { file: made }),
    };
  } finally {
    writer.close();
  }
}

/** A failure that names its output. */
export function trackFailed({ output }: TrackJob, cause: unknown): ProcessorError {
  if (cause instanceof ProcessorError) return cause;
  return new ProcessorError('ERR_TRACK_FAILED', `${output.file}: ${(cause as Error).message}`, { cause });
}
