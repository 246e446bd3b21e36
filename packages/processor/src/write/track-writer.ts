import { describeTrack } from '../report/describe-track.ts';
import type { Finding, ReportedFile } from '../report/report.ts';
import type { TrackJob } from '../run/track-job.ts';
import type { ReadingOptions } from '../scan/open-dump.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import { AudioTrack } from './audio-track.ts';
import { type TimedFrame, TrackFrames } from './track-frames.ts';
import type { TrackMedia } from './track-media.ts';
import { outputOf, type TrackOutput } from './track-output.ts';
import { VideoTrack } from './video-track.ts';

/** Writes one placed track to its file. */
export class TrackWriter {
  readonly #job: TrackJob;
  readonly #placed: PlacedTrack;
  readonly #fileZeroMs: number;
  readonly #output: TrackOutput;
  readonly #media: TrackMedia;
  #framesOverlapping = 0;

  constructor(job: TrackJob, placed: PlacedTrack) {
    const { plan, output, zeroUnixMs, ffmpegPath } = job;
    this.#job = job;
    this.#placed = placed;
    this.#fileZeroMs = plan.align === 'recording' ? zeroUnixMs : (placed.runs[0]?.startMs ?? zeroUnixMs);
    this.#output = outputOf(job, this.#fileZeroMs);
    const write = this.#output.add.bind(this.#output);
    const channels = placed.scans.some(({ stereo }) => stereo) ? 2 : 1;
    this.#media =
      output.kind === 'audio'
        ? new AudioTrack({ channels, gaps: plan.gaps, dtx: plan.dtx, write })
        : new VideoTrack({ gaps: plan.gaps, write, ...(ffmpegPath === undefined ? {} : { ffmpegPath }) });
  }

  /** @returns undefined where no frame can be written. */
  async write(reading: ReadingOptions): Promise<ReportedFile | undefined> {
    const frames = new TrackFrames(this.#placed, reading);
    for await (const batch of frames.batches()) {
      for (const timed of batch) {
        const pending = this.#take(timed);
        if (pending !== undefined) await pending;
      }
    }
    for (const statistics of frames.statistics) this.#media.count(statistics);
    this.#framesOverlapping = frames.overlapping;
    this.#media.finish();
    const made = await this.#output.finish();
    if (made === undefined) return undefined;
    const { codec, scans } = this.#placed;
    const media = this.#media.report();
    return describeTrack(this.#job, { codec, scans, fileZeroMs: this.#fileZeroMs, made, media });
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

  #take({ frame, run, unixMs, boundary }: TimedFrame): void | Promise<void> {
    if (!this.#output.isStarted) this.#output.start(this.#media.entry(frame));
    const place = { atMs: unixMs - this.#fileZeroMs, runAtMs: run.startMs - this.#fileZeroMs };
    return this.#media.add(frame, place, boundary);
  }
}
