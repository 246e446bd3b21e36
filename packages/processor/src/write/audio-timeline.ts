import type { MatroskaFrame } from '@rawreel/matroska';
import {
  type CodedFrame,
  OPUS_SHORTEST_TICKS,
  type OpusFiller,
  opusConcealment,
  opusSilences,
} from '@rawreel/rtp';
import { atOnce, inTurns } from '../in-turns.ts';
import type { DtxPolicy, GapPolicy } from '../plan/plan.ts';
import type { ReportedGap } from '../report/report.ts';
import type { Boundary } from '../time/track-runs.ts';
import { DriftTakeUp } from './drift-take-up.ts';
import type { FillerAllowance, Unfilled } from './filler-allowance.ts';

const SAMPLES_PER_MS = 48;

/** The longest loss that concealment bridges without sounding made up; what is beyond is silence. */
const LONGEST_CONCEALMENT = 200 * SAMPLES_PER_MS;

/** Chromium sends a packet every 400 ms of DTX; a pause much longer than that is no DTX of any encoder seen. */
const LONGEST_DTX = 1000 * SAMPLES_PER_MS;

/** A block of 20 ms of silence in a file, its header included. */
export const SILENT_BLOCK_BYTES = 10;
export const SILENT_BLOCK_MS = 20;

/** Silence longer than this, some 30 ms of work, is written piece by piece, so that other work has its turns in between. */
const LONGEST_AT_ONCE = 3_600_000 * SAMPLES_PER_MS;

export interface AudioTimelineOptions {
  readonly channels: 1 | 2;
  readonly gaps: GapPolicy;
  readonly dtx: DtxPolicy;
  readonly write: (frame: MatroskaFrame) => void;
  /** How much silence may be written where nothing was sent; as much as there is room for without it. */
  readonly allowance?: FillerAllowance | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lays Opus packets on the file's clock, in samples at 48 kHz, so that the file decodes to as many samples as the time
 * it spans. `#decoded` is where the decoder's samples end: each gap is measured from there, so what one gap leaves over
 * (less than 2.5 ms) is made up for by the next, and nothing is rounded away. Between packets that follow each other by
 * their RTP ticks there is no gap; where the call clock says otherwise, the sender's clock drifts: see `DriftTakeUp`.
 * Blocks stand on the call clock.
 *
 * The last packet is held back until the next is known, because only the last of all says its duration.
 */
export class AudioTimeline {
  readonly #options: AudioTimelineOptions;
  readonly #gaps: ReportedGap[] = [];
  readonly #drift = new DriftTakeUp();
  #decoded = 0;
  #lastTimestampMs = -1;
  #held: { timestampMs: number; bytes: readonly Uint8Array[]; samples: number } | undefined;
  #toc: number | undefined;
  #concealedDtx = 0;
  #concealedLoss = 0;
  #silence = 0;
  #trimmed = 0;
  #frames = 0;
  #unfilled = { gaps: 0, ms: 0 };

  constructor(options: AudioTimelineOptions) {
    this.#options = options;
  }

  /**
   * Puts a packet at `start`, in samples since the file's zero; `boundary` tells why there may be a gap before it. Returns a
   * promise only where there is much silence before it.
   */
  add(frame: CodedFrame, start: number, boundary: Boundary): void | Promise<void> {
    const samples = frame.durationTicks ?? 0;
    if (samples === 0) return;
    const departure = start - this.#decoded;
    const link = this.#drift.linkOf(frame, departure, boundary);
    if (link === 'apart' && -departure >= Math.max(samples / 2, 1)) {
      this.#trimmed += samples;
      this.#drift.interrupt();
      return;
    }
    if (link !== 'next' && departure >= OPUS_SHORTEST_TICKS) {
      const work = this.#bridge(start, boundary, frame.lossBefore * samples);
      if (departure > LONGEST_AT_ONCE)
        return inTurns(work, this.#options.signal).then(() => this.#pass(frame, start, samples));
      atOnce(work);
    } else if (link !== 'apart') {
      const takeUp = this.#drift.takeUpAt(frame, departure);
      if (takeUp === 'leave-out') {
        this.#drift.leaveOut(frame);
        return;
      }
      if (takeUp === 'add') {
        const missing = Math.max(samples, departure);
        this.#addSamples(start, missing);
        this.#drift.add(missing / samples);
      }
    }
    this.#pass(frame, start, samples);
  }

  #pass(frame: CodedFrame, start: number, samples: number): void {
    this.#drift.pass(frame);
    this.#place(start, frame.chunks, samples);
    this.#decoded += samples;
    this.#toc = frame.chunks[0]?.[0];
    this.#frames++;
  }

  finish(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#options.write({
      timestampMs: held.timestampMs,
      keyFrame: true,
      chunks: held.bytes,
      durationMs: held.samples / SAMPLES_PER_MS,
    });
  }

  get summary() {
    return {
      frames: this.#frames,
      gaps: this.#gaps,
      trimmedMs: this.#trimmed / SAMPLES_PER_MS,
      concealed: {
        dtxMs: this.#concealedDtx / SAMPLES_PER_MS,
        lossMs: this.#concealedLoss / SAMPLES_PER_MS,
        silenceMs: this.#silence / SAMPLES_PER_MS,
      },
      drift: this.#drift.summary,
      unfilled: this.#unfilled as Unfilled,
    };
  }

  /** Brings the decoder's samples up to `start`, as the policies say. */
  *#bridge(start: number, boundary: Boundary, lost: number): Generator<void, void, void> {
    const from = this.#decoded;
    const inStream = boundary === 'none' && this.#toc !== undefined;
    const isDtx = inStream && lost === 0;
    const reason = boundary !== 'none' ? boundary : lost > 0 ? 'loss' : 'source-silent';
    const keep = isDtx ? this.#options.dtx === 'keep' : boundary !== 'none' && this.#options.gaps === 'keep';
    // What a packet calls for by itself is as little as that packet is; silence may be any length.
    const concealed = inStream ? Math.min(start - from, isDtx ? LONGEST_DTX : LONGEST_CONCEALMENT) : 0;
    if (keep || !this.#allows(start - from - concealed)) {
      this.#decoded = start;
      if (!isDtx || start - from > LONGEST_DTX) this.#note(from, start, reason, 'nothing');
      return;
    }
    if (inStream) this.#conceal(concealed, lost);
    const concealedTo = this.#decoded;
    for (const packet of opusSilences(this.#options.channels, start - concealedTo)) {
      this.#fill(packet);
      yield;
    }
    this.#silence += this.#decoded - concealedTo;
    if (!inStream || this.#decoded - concealedTo > LONGEST_CONCEALMENT)
      this.#note(from, start, reason, 'silence');
  }

  #allows(samples: number): boolean {
    const ms = samples / SAMPLES_PER_MS;
    if (this.#options.allowance?.take((ms / SILENT_BLOCK_MS) * SILENT_BLOCK_BYTES) !== false) return true;
    this.#unfilled = { gaps: this.#unfilled.gaps + 1, ms: this.#unfilled.ms + ms };
    return false;
  }

  /** Samples that the call clock has no time for: their blocks stand between the packet before and `start`. */
  #addSamples(start: number, samples: number): void {
    const from = this.#lastTimestampMs * SAMPLES_PER_MS;
    const fillers = [...opusConcealment(this.#toc ?? 0, samples)];
    const concealed = fillers.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
    fillers.push(...opusSilences(this.#options.channels, samples - concealed));
    for (const [index, filler] of fillers.entries())
      this.#fill(filler, from + ((start - from) * (index + 1)) / (fillers.length + 1));
  }

  #conceal(samples: number, lost: number): void {
    const from = this.#decoded;
    for (const packet of opusConcealment(this.#toc ?? 0, samples)) this.#fill(packet);
    const made = this.#decoded - from;
    const forLoss = Math.min(made, lost);
    this.#concealedLoss += forLoss;
    this.#concealedDtx += made - forLoss;
  }

  #note(
    from: number,
    to: number,
    reason: ReportedGap['reason'],
    filledWith: ReportedGap['filledWith'],
  ): void {
    this.#gaps.push({ startMs: from / SAMPLES_PER_MS, endMs: to / SAMPLES_PER_MS, reason, filledWith });
  }

  #fill(filler: OpusFiller, at = this.#decoded): void {
    this.#place(at, [filler.packet], filler.durationTicks);
    this.#decoded += filler.durationTicks;
  }

  #place(start: number, bytes: readonly Uint8Array[], samples: number): void {
    const held = this.#held;
    if (held !== undefined) {
      this.#options.write({ timestampMs: held.timestampMs, keyFrame: true, chunks: held.bytes });
    }
    const timestampMs = Math.max(this.#lastTimestampMs + 1, Math.round(start / SAMPLES_PER_MS));
    this.#lastTimestampMs = timestampMs;
    this.#held = { timestampMs, bytes, samples };
  }
}
