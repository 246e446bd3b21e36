import { CODEC_IDS, type MatroskaFrame, type TrackEntry } from '@rawreel/matroska';
import type { CodedFrame, DepacketizerStatistics, Rotation, VideoParameters } from '@rawreel/rtp';
import type { BlackFrames, NoBlackFrame } from '../ffmpeg/black-frames.ts';
import type { GapPolicy } from '../plan/plan.ts';
import type { MediaReport } from '../report/report.ts';
import type { Boundary } from '../time/track-runs.ts';
import type { Finding } from '../track-problem.ts';
import type { FillerAllowance } from './filler-allowance.ts';
import type { FramePlace, TrackMedia } from './track-media.ts';
import { unfilledFindings } from './unfilled-findings.ts';
import { VideoTimeline } from './video-timeline.ts';

export interface VideoTrackOptions {
  readonly gaps: GapPolicy;
  readonly black: BlackFrames;
  readonly allowance?: FillerAllowance | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly write: (frame: MatroskaFrame) => void;
}

/** Video frames on the file's clock, and what is seen of them on the way. */
export class VideoTrack implements TrackMedia {
  readonly #timeline: VideoTimeline;
  readonly #leftOut = { incomplete: 0, undecodable: 0, beforeKeyFrame: 0 };
  #invalid = 0;
  readonly #sizes: { width: number; height: number }[] = [];
  readonly #rotations: Rotation[] = [];
  readonly #black: BlackFrames;
  /** Why there are no black frames. */
  #missing: NoBlackFrame | undefined;

  constructor({ black, ...options }: VideoTrackOptions) {
    this.#black = black;
    this.#timeline = new VideoTimeline({ ...options, black: (parameters) => this.#blackFrame(parameters) });
  }

  entry({ parameters, rotation }: CodedFrame): TrackEntry {
    const { codec, width, height, codecPrivate } = parameters as VideoParameters;
    return {
      kind: 'video',
      codecId: CODEC_IDS[codec],
      pixelWidth: width,
      pixelHeight: height,
      rotation,
      codecPrivate,
    };
  }

  add(frame: CodedFrame, { atMs }: FramePlace, boundary: Boundary): void | Promise<void> {
    const { width, height } = frame.parameters as VideoParameters;
    const size = this.#sizes.at(-1);
    if (size?.width !== width || size.height !== height) this.#sizes.push({ width, height });
    if (this.#rotations.at(-1) !== frame.rotation) this.#rotations.push(frame.rotation);
    return this.#timeline.add(frame, atMs, boundary);
  }

  count(statistics: Readonly<DepacketizerStatistics>): void {
    this.#invalid += statistics.framesInvalid;
    this.#leftOut.incomplete += statistics.framesIncomplete;
    this.#leftOut.undecodable += statistics.framesUndecodable;
    this.#leftOut.beforeKeyFrame += statistics.framesBeforeKeyFrame;
  }

  finish(): void {
    this.#timeline.finish();
  }

  report(): MediaReport {
    const { frames, gaps } = this.#timeline.summary;
    return {
      frames,
      gaps,
      sizes: this.#sizes,
      rotation: this.#rotations[0] ?? 0,
      framesLeftOut: this.#leftOut,
    };
  }

  findings(): Finding[] {
    const { frames, blackMissing, unfilled } = this.#timeline.summary;
    const findings = unfilledFindings(unfilled, 'black');
    if (this.#invalid > 0) {
      const found = `${this.#invalid} of ${frames} frames cannot be decoded: they are encrypted end to end, or cut`;
      const message = `${found}. The file holds them unchanged`;
      findings.push({ code: 'TRACK_UNDECODABLE', severity: 'damage', message });
    }
    if (blackMissing) {
      const code = this.#missing?.isBounded === true ? 'FILLING_BOUNDED' : 'FILLER_UNAVAILABLE';
      const message = `no black frames, so gaps show the last picture: ${this.#missing?.reason ?? ''}`;
      findings.push({ code, severity: 'notice', message });
    }
    if (this.#rotations.length > 1) {
      const turns = this.#rotations.map((rotation) => `${rotation}°`).join(', ');
      const message = `the sender rotated its camera (${turns}); players apply the first rotation to the whole file`;
      findings.push({ code: 'ROTATION_CHANGES', severity: 'notice', message });
    }
    return findings;
  }

  async #blackFrame(parameters: VideoParameters): Promise<Uint8Array | undefined> {
    const frame = await this.#black.of(parameters);
    if (frame instanceof Uint8Array) return frame;
    this.#missing ??= frame;
    return undefined;
  }
}
