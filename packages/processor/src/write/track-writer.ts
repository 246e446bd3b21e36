import { join } from 'node:path';
import type { Codec } from '@rawreel/rtp';
import type { PlannedTrack } from '../plan/plan.ts';
import type { Finding, PacketCounts, ReportedFile, ReportedGap } from '../report/report.ts';
import type { TrackJob } from '../run/track-job.ts';
import { clockRateOf } from '../scan/dump-packets.ts';
import type { SegmentScan } from '../scan/scan-track.ts';
import { unixMsOf } from '../time/place-runs.ts';
import { placeTrack, type TrackRun } from '../time/place-track.ts';
import { AudioTrack } from './audio-track.ts';
import { framesOfSegment, type PlacedFrame, type ReadingOptions } from './segment-frames.ts';
import type { TrackMedia } from './track-media.ts';
import { TrackOutput } from './track-output.ts';
import { VideoTrack } from './video-track.ts';

/** Writes one scanned track to its file. */
export class TrackWriter {
  readonly #job: TrackJob;
  readonly #scans: readonly SegmentScan[];
  readonly #runs: readonly TrackRun[];
  readonly #codec: Codec;
  readonly #fileZeroMs: number;
  readonly #output: TrackOutput;
  readonly #media: TrackMedia;
  #lastRun: TrackRun | undefined;
  #framesOverlapping = 0;

  constructor(job: TrackJob, scans: readonly SegmentScan[]) {
    const { plan, output, zeroUnixMs, workFolder, temporaryName, madeBy, ffmpegPath } = job;
    this.#job = job;
    this.#scans = scans;
    this.#codec = scans.find(({ runs }) => runs.length > 0)?.segment.codec ?? 'opus';
    const runs = scans.map((scan) => scan.runs);
    this.#runs = placeTrack(runs, clockRateOf(this.#codec));
    const fileZeroMs = plan.align === 'recording' ? zeroUnixMs : (this.#runs[0]?.startMs ?? zeroUnixMs);
    this.#fileZeroMs = fileZeroMs;
    this.#output = new TrackOutput({
      path: join(workFolder, temporaryName),
      title: titleOf(job),
      startsAtMs: fileZeroMs,
      tags: tagsOf(job),
      writingApp: madeBy,
    });
    const write = this.#output.add.bind(this.#output);
    const channels = scans.some(({ stereo }) => stereo) ? 2 : 1;
    this.#media =
      output.kind === 'audio'
        ? new AudioTrack({ channels, gaps: plan.gaps, dtx: plan.dtx, fileZeroMs, write })
        : new VideoTrack({ gaps: plan.gaps, write, ...(ffmpegPath === undefined ? {} : { ffmpegPath }) });
  }

  /** @returns undefined where no frame can be written. */
  async write(reading: ReadingOptions): Promise<ReportedFile | undefined> {
    for (const [index, { segment, spool }] of this.#scans.entries()) {
      const runs = new Map(this.#runs.filter((run) => run.segment === index).map((run) => [run.run, run]));
      if (runs.size === 0) continue;
      const frames = framesOfSegment({
        ...reading,
        segment,
        runs,
        ...(spool === undefined ? {} : { spool }),
      });
      for (let next = await frames.next(); ; next = await frames.next()) {
        if (next.done) {
          if (next.value !== undefined) this.#media.count(next.value);
          break;
        }
        for (const placed of next.value) {
          const pending = this.#take(placed);
          if (pending !== undefined) await pending;
        }
      }
    }
    this.#media.finish();
    const made = await this.#output.finish();
    return made === undefined ? undefined : this.#report(made);
  }

  close(): void {
    this.#output.close();
  }

  problems(): Finding[] {
    const findings = this.#media.findings();
    if (this.#framesOverlapping > 0) {
      const message = `segments overlap: ${this.#framesOverlapping} frames were recorded while a later segment had begun, and are left out`;
      findings.push({ code: 'SEGMENTS_OVERLAP', severity: 'notice', message });
    }
    return findings;
  }

  #take({ frame, run }: PlacedFrame<TrackRun>): void | Promise<void> {
    const unixMs = unixMsOf(run, frame.rtpTicks);
    if (unixMs >= run.untilMs) {
      this.#framesOverlapping++;
      return;
    }
    if (!this.#output.isStarted) this.#output.start(this.#media.entry(frame));
    const boundary = run === this.#lastRun ? 'none' : run.boundary;
    this.#lastRun = run;
    return this.#media.add(frame, unixMs - this.#fileZeroMs, run, boundary);
  }

  #report(made: { durationMs: number; byteLength: number; sha256: string }): ReportedFile {
    const { output, zeroUnixMs } = this.#job;
    const { track } = output;
    const { gaps, ...media } = this.#media.report();
    return {
      kind: output.kind,
      path: output.file,
      userId: track.userId,
      sessionId: track.sessionId,
      trackId: track.trackId,
      trackType: track.trackType,
      codec: this.#codec,
      startsAt: new Date(this.#fileZeroMs).toISOString(),
      offsetMs: tenths(this.#fileZeroMs - zeroUnixMs),
      durationMs: tenths(made.durationMs),
      byteLength: made.byteLength,
      sha256: made.sha256,
      ...media,
      packets: sumPackets(this.#scans),
      gaps: [...gaps, ...missingSegments(track, this.#fileZeroMs)].map((gap) => ({
        ...gap,
        startMs: tenths(gap.startMs),
        endMs: tenths(gap.endMs),
      })),
      segments: track.segments.length,
    };
  }
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

function titleOf({ output: { track }, plan: { call } }: TrackJob): string {
  const what = `${track.screenshare ? 'screen share ' : ''}${track.kind}`;
  return `${track.userId} · ${what} · ${call.type}:${call.id}`;
}

function tagsOf({ output: { track }, plan: { call } }: TrackJob): Record<string, string> {
  return {
    CALL_TYPE: call.type,
    CALL_ID: call.id,
    CALL_SESSION_ID: call.sessionId,
    USER_ID: track.userId,
    SESSION_ID: track.sessionId,
    TRACK_ID: track.trackId,
    TRACK_TYPE: track.trackType,
  };
}
