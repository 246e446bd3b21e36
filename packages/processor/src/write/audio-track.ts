import { CODEC_IDS, type TrackEntry } from '@rawreel/matroska';
import { type CodedFrame, opusHead } from '@rawreel/rtp';
import type { MediaReport } from '../report/report.ts';
import type { Boundary } from '../time/track-runs.ts';
import type { Finding } from '../track-problem.ts';
import { AudioTimeline, type AudioTimelineOptions } from './audio-timeline.ts';
import type { FramePlace, TrackMedia } from './track-media.ts';
import { unfilledFindings } from './unfilled-findings.ts';

const SAMPLES_PER_MS = 48;

/** Opus frames are multiples of 2.5 ms: on this grid every gap can be filled to the sample. */
const SAMPLE_GRID = 120;

/** Overlaps shorter than this come from jitter: nothing that anybody lost. */
const OVERLAP_WORTH_TELLING_MS = 100;

/** Opus packets on the file's clock. */
export class AudioTrack implements TrackMedia {
  readonly #channels: 1 | 2;
  readonly #timeline: AudioTimeline;

  /** `channels`: 2 when any packet of the track is stereo, for a decoder keeps the channels it began with. */
  constructor(options: AudioTimelineOptions) {
    this.#channels = options.channels;
    this.#timeline = new AudioTimeline(options);
  }

  entry(): TrackEntry {
    const channels = this.#channels;
    const codecPrivate = opusHead({ channels });
    return { kind: 'audio', codecId: CODEC_IDS.opus, channels, samplingFrequency: 48_000, codecPrivate };
  }

  /** A run begins on the sample grid, and its samples are counted from there. */
  add(frame: CodedFrame, { atMs, runAtMs }: FramePlace, boundary: Boundary): void | Promise<void> {
    const runStart = Math.round((runAtMs * SAMPLES_PER_MS) / SAMPLE_GRID) * SAMPLE_GRID;
    return this.#timeline.add(frame, runStart + Math.round((atMs - runAtMs) * SAMPLES_PER_MS), boundary);
  }

  count(): void {}

  finish(): void {
    this.#timeline.finish();
  }

  report(): MediaReport {
    const { frames, gaps, concealed, drift } = this.#timeline.summary;
    const hasDrifted = drift.packetsLeftOut > 0 || drift.packetsAdded > 0;
    return { frames, gaps, concealed, channels: this.#channels, ...(hasDrifted ? { drift } : {}) };
  }

  findings(): Finding[] {
    const { trimmedMs, unfilled } = this.#timeline.summary;
    const findings = unfilledFindings(unfilled, 'silence');
    if (trimmedMs < OVERLAP_WORTH_TELLING_MS) return findings;
    const message = `segments overlap: ${Math.round(trimmedMs)} ms were recorded twice and written once`;
    return [...findings, { code: 'SEGMENTS_OVERLAP', severity: 'notice', message }];
  }
}
