import type { Codec } from '@rawreel/rtp';
import type { PlannedTrack } from '../plan/plan.ts';
import type { TrackJob } from '../run/track-job.ts';
import type { SegmentScan } from '../scan/scan-track.ts';
import type { MediaReport } from '../write/track-media.ts';
import type { FinishedOutput } from '../write/track-output.ts';
import type { PacketCounts, ReportedFile, ReportedGap } from './report.ts';

/** What is known of a written track. */
export interface WrittenTrack {
  readonly codec: Codec;
  /** Unix ms of the file's zero. */
  readonly fileZeroMs: number;
  readonly scans: readonly SegmentScan[];
  readonly media: MediaReport;
  readonly made: FinishedOutput;
}

/** The report's entry of an output. */
export function describeTrack({ output, zeroUnixMs }: TrackJob, written: WrittenTrack): ReportedFile {
  const { track } = output;
  const { codec, fileZeroMs, scans, made } = written;
  const { gaps, ...media } = written.media;
  return {
    kind: output.kind,
    path: output.file,
    userId: track.userId,
    sessionId: track.sessionId,
    trackId: track.trackId,
    trackType: track.trackType,
    codec,
    startsAt: new Date(fileZeroMs).toISOString(),
    offsetMs: tenths(fileZeroMs - zeroUnixMs),
    durationMs: tenths(made.durationMs),
    byteLength: made.byteLength,
    sha256: made.sha256,
    ...media,
    packets: sumPackets(scans),
    gaps: [...gaps, ...missingSegments(track, fileZeroMs)].map((gap) => ({
      ...gap,
      startMs: tenths(gap.startMs),
      endMs: tenths(gap.endMs),
    })),
    segments: track.segments.length,
  };
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** Segments without a dump, as the metadata knows their times. */
function missingSegments(track: PlannedTrack, fileZeroMs: number): ReportedGap[] {
  return track.segments.flatMap(({ dump, timing }): ReportedGap[] => {
    const { firstRtpUnixMs, lastRtpUnixMs } = timing;
    if (dump !== undefined || firstRtpUnixMs === undefined || lastRtpUnixMs === undefined) return [];
    const startMs = firstRtpUnixMs - fileZeroMs;
    return [{ startMs, endMs: lastRtpUnixMs - fileZeroMs, reason: 'segment-missing', filledWith: 'nothing' }];
  });
}

function sumPackets(scans: readonly SegmentScan[]): PacketCounts {
  const sumOf = (key: keyof PacketCounts) =>
    scans.reduce((sum, { statistics }) => sum + (statistics?.[key] ?? 0), 0);
  return {
    received: sumOf('received'),
    lost: sumOf('lost'),
    late: sumOf('late'),
    duplicate: sumOf('duplicate'),
    reordered: sumOf('reordered'),
    recovered: sumOf('recovered'),
    padding: sumOf('padding'),
    foreign: sumOf('foreign'),
    malformed: sumOf('malformed'),
  };
}
