import type { PlannedTrack } from '../plan/plan.ts';
import type { SegmentScan } from '../read/segment-scan.ts';
import { tenths } from '../tenths.ts';
import type { TrackClock } from '../time/track-clock.ts';
import type { HeardTrack, MediaReport, PacketCounts, ReportedGap, ReportedTrack } from './report.ts';

/** What is known of a track that has come into a file. */
export interface WrittenTrack {
  readonly track: PlannedTrack;
  readonly codec: ReportedTrack['codec'];
  readonly clock: TrackClock;
  readonly scans: readonly Pick<SegmentScan, 'statistics' | 'lostTail'>[];
  /** Unix ms of the file's zero. */
  readonly fileZeroMs: number;
  readonly media: MediaReport;
  /** The only part of it that is in the file. */
  readonly window?: { readonly fromMs: number; readonly untilMs: number } | undefined;
}

/** What the report says of it. */
export function describeTrack({
  track,
  codec,
  clock,
  scans,
  fileZeroMs,
  media,
  window,
}: WrittenTrack): ReportedTrack {
  const { gaps, ...counted } = media;
  const missing = [...missingSegments(track, fileZeroMs), ...missingTails(scans, fileZeroMs)];
  return {
    userId: track.userId,
    sessionId: track.sessionId,
    trackId: track.trackId,
    trackType: track.trackType,
    codec,
    ...counted,
    packets: sumPackets(scans),
    gaps: [...gaps, ...missing.filter((gap) => isIn(window, gap, fileZeroMs))].map((gap) => ({
      ...gap,
      startMs: tenths(gap.startMs),
      endMs: tenths(gap.endMs),
    })),
    segments: track.segments.length,
    clock: { ...clock, uncertaintyMs: tenths(clock.uncertaintyMs), driftPpm: tenths(clock.driftPpm) },
  };
}

const isIn = (window: WrittenTrack['window'], { startMs, endMs }: ReportedGap, fileZeroMs: number): boolean =>
  window === undefined || (fileZeroMs + endMs > window.fromMs && fileZeroMs + startMs < window.untilMs);

/** Where a file begins, as every output says it. */
export const startOf = (fileZeroMs: number, zeroUnixMs: number) => ({
  startsAt: new Date(fileZeroMs).toISOString(),
  offsetMs: tenths(fileZeroMs - zeroUnixMs),
});

/** Which track it was, where nothing else of it is reported. */
export const heardTrack = ({ userId, sessionId, trackId, trackType }: PlannedTrack): HeardTrack => ({
  userId,
  sessionId,
  trackId,
  trackType,
});

/** Segments without a dump, as the metadata knows their times. */
function missingSegments(track: PlannedTrack, fileZeroMs: number): ReportedGap[] {
  return track.segments.flatMap(({ dump, timing }): ReportedGap[] => {
    const { firstRtpUnixMs, lastRtpUnixMs } = timing;
    if (dump !== undefined || firstRtpUnixMs === undefined || lastRtpUnixMs === undefined) return [];
    const startMs = firstRtpUnixMs - fileZeroMs;
    return [{ startMs, endMs: lastRtpUnixMs - fileZeroMs, reason: 'segment-missing', filledWith: 'nothing' }];
  });
}

/** What was received of a segment behind the end of its dump. */
function missingTails(scans: WrittenTrack['scans'], fileZeroMs: number): ReportedGap[] {
  return scans.flatMap(({ lostTail }): ReportedGap[] => {
    if (lostTail === undefined) return [];
    const { fromMs, untilMs } = lostTail;
    const [startMs, endMs] = [fromMs - fileZeroMs, untilMs - fileZeroMs];
    return [{ startMs, endMs, reason: 'tail-missing', filledWith: 'nothing' }];
  });
}

function sumPackets(scans: WrittenTrack['scans']): PacketCounts {
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
