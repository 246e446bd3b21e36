import type { SegmentTiming } from '@rawreel/archive';
import type { ReportSample } from '../time/run-scan.ts';

/**
 * The first and the last sender report as the metadata names them, on the scale of a run that has none in its dump: the
 * first near its beginning, the last near its end, whatever wrapped between.
 */
export function reportsNamedBy(
  timing: SegmentTiming,
  run: { readonly firstTicks: number; readonly endTicks: number },
): ReportSample[] {
  const { firstReportRtpTimestamp, firstReportNtpMs, lastReportRtpTimestamp, lastReportNtpMs } = timing;
  const reports: ReportSample[] = [];
  if (firstReportRtpTimestamp !== undefined && firstReportNtpMs !== undefined) {
    reports.push({ rtpTicks: nearest(firstReportRtpTimestamp, run.firstTicks), ntpMs: firstReportNtpMs });
  }
  if (lastReportRtpTimestamp !== undefined && lastReportNtpMs !== undefined) {
    const last = { rtpTicks: nearest(lastReportRtpTimestamp, run.endTicks), ntpMs: lastReportNtpMs };
    if (last.rtpTicks !== reports[0]?.rtpTicks) reports.push(last);
  }
  return reports;
}

/** The tick nearest to `near` whose lower 32 bits are the wire's. */
const nearest = (wire: number, near: number): number => near + ((wire - near) | 0);
