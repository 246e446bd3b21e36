import type { MatroskaFrame, TrackEntry } from '@rawreel/matroska';
import { printable } from '@rawreel/text';
import type { BlackFrames } from '../ffmpeg/black-frames.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TimedFrame } from '../read/timed-frame.ts';
import { TrackFrames } from '../read/track-frames.ts';
import { describeTrack } from '../report/describe-track.ts';
import type { ReportedTrack } from '../report/report.ts';
import type { Finding } from '../track-problem.ts';
import { AudioTrack } from './audio-track.ts';
import type { FillerAllowance } from './filler-allowance.ts';
import type { TrackMedia } from './track-media.ts';
import { VideoTrack } from './video-track.ts';

export interface TrackLaneOptions {
  readonly settings: OutputSettings;
  readonly placed: PlacedTrack;
  readonly fileZeroMs: number;
  readonly reading: ReadingOptions;
  readonly black: BlackFrames;
  /** The file's. */
  readonly allowance: FillerAllowance;
  readonly write: (frame: MatroskaFrame) => void;
}

/** One placed track on its way into a file: the next frame can be looked at before it is written. */
export class TrackLane {
  readonly #placed: PlacedTrack;
  readonly #fileZeroMs: number;
  readonly #frames: TrackFrames;
  readonly #batches: AsyncGenerator<readonly TimedFrame[], void>;
  readonly #media: TrackMedia;
  #batch: readonly TimedFrame[] = [];
  /** Where the media clock of the current run began: runs that it goes on through are counted from there. */
  #clockStartMs = 0;
  #index = 0;

  constructor({ settings, placed, fileZeroMs, reading, black, allowance, write }: TrackLaneOptions) {
    const { gaps, dtx } = settings.plan;
    const { signal } = reading;
    this.#placed = placed;
    this.#fileZeroMs = fileZeroMs;
    this.#frames = new TrackFrames(placed, reading);
    this.#batches = this.#frames.batches();
    const channels = placed.scans.some(({ stereo }) => stereo) ? 2 : 1;
    this.#media =
      placed.track.kind === 'audio'
        ? new AudioTrack({ channels, gaps, dtx, allowance, signal, write })
        : new VideoTrack({ gaps, black, allowance, signal, write });
  }

  /** The next frame; undefined where its batch is used up. */
  get next(): TimedFrame | undefined {
    return this.#batch[this.#index];
  }

  /** Reads on until there is a next frame. @returns false at the end. */
  async refill(): Promise<boolean> {
    while (this.next === undefined) {
      const { done, value } = await this.#batches.next();
      if (done) return false;
      this.#batch = value;
      this.#index = 0;
    }
    return true;
  }

  /** How the container describes the track; asked before the first frame is written. */
  entry(): TrackEntry | undefined {
    return this.next && this.#media.entry(this.next.frame);
  }

  /** Writes the next frame in its place; a promise holds up what follows. */
  writeNext(): void | Promise<void> {
    const timed = this.next;
    if (timed === undefined) return;
    this.#index++;
    if (timed.boundary !== 'none') this.#clockStartMs = timed.unixMs;
    const place = {
      atMs: timed.unixMs - this.#fileZeroMs,
      runAtMs: this.#clockStartMs - this.#fileZeroMs,
    };
    return this.#media.add(timed.frame, place, timed.boundary);
  }

  /** Writes the frame held back. */
  finish(): void {
    for (const statistics of this.#frames.statistics) this.#media.count(statistics);
    this.#media.finish();
  }

  /** Gives up what is being read. */
  async close(): Promise<void> {
    await this.#batches.return();
  }

  report(): ReportedTrack {
    return describeTrack({ ...this.#placed, fileZeroMs: this.#fileZeroMs, media: this.#media.report() });
  }

  /** Why it has no frame at all; asked behind the last. */
  get silence(): string {
    const { barren, overlapping } = this.#frames;
    return barren[0]?.reason ?? `all ${overlapping} frames were recorded after the start of a later segment`;
  }

  findings(): Finding[] {
    const findings = this.#media.findings();
    const { overlapping, barren, ofOtherLayers } = this.#frames;
    for (const { segment, reason } of barren) {
      const message = `segment ${printable(segment)}: ${reason}`;
      findings.push({ code: 'DUMP_NO_MEDIA', severity: 'notice', message });
    }
    if (ofOtherLayers > 0) {
      const message = `the camera sent several layers side by side (simulcast): the best at each moment is in the file, ${ofOtherLayers} frames of the others are left out`;
      findings.push({ code: 'SIMULCAST', severity: 'notice', message });
    }
    if (overlapping > 0) {
      const message = `segments overlap: ${overlapping} frames recorded after the start of a later segment are left out`;
      findings.push({ code: 'SEGMENTS_OVERLAP', severity: 'notice', message });
    }
    return findings;
  }
}
