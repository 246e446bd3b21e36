import type { Codec } from '@rawreel/rtp';
import { describeTrack } from '../report/describe-track.ts';
import type { Finding, ReportedFile } from '../report/report.ts';
import type { TrackJob } from '../run/track-job.ts';
import type { ReadingOptions } from '../scan/open-dump.ts';
import type { SegmentScan } from '../scan/scan-track.ts';
import { unixMsOf } from '../time/place-runs.ts';
import type { TrackRun } from '../time/place-track.ts';
import { AudioTrack } from './audio-track.ts';
import { framesOfSegment, type PlacedFrame } from './segment-frames.ts';
import type { TrackMedia } from './track-media.ts';
import { outputOf, type TrackOutput } from './track-output.ts';
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

  constructor(job: TrackJob, scans: readonly SegmentScan[], codec: Codec, runs: readonly TrackRun[]) {
    const { plan, output, zeroUnixMs, ffmpegPath } = job;
    this.#job = job;
    this.#scans = scans;
    this.#codec = codec;
    this.#runs = runs;
    const fileZeroMs = plan.align === 'recording' ? zeroUnixMs : (this.#runs[0]?.startMs ?? zeroUnixMs);
    this.#fileZeroMs = fileZeroMs;
    this.#output = outputOf(job, fileZeroMs);
    const write = this.#output.add.bind(this.#output);
    const channels = scans.some(({ stereo }) => stereo) ? 2 : 1;
    this.#media =
      output.kind === 'audio'
        ? new AudioTrack({ channels, gaps: plan.gaps, dtx: plan.dtx, write })
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
    if (made === undefined) return undefined;
    const written = { codec: this.#codec, fileZeroMs: this.#fileZeroMs, scans: this.#scans, made };
    return describeTrack(this.#job, { ...written, media: this.#media.report() });
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
    const place = { atMs: unixMs - this.#fileZeroMs, runAtMs: run.startMs - this.#fileZeroMs };
    return this.#media.add(frame, place, boundary);
  }
}
