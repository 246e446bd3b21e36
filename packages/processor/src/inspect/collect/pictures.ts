import {
  type Codec,
  type Depacketizer,
  type MediaPacket,
  payloadLayers,
  type VideoParameters,
} from '@rawreel/rtp';
import { type FreezeCounts, Freezes } from './freezes.ts';
import { SECOND, Seconds } from './seconds.ts';

const MOST_CHANGES = 1000;

/** Of every video codec (RFC 3551 §5). */
const TICKS_PER_MS = 90;

/** Ms from the recording's zero. */
export interface SizeChange {
  readonly atMs: number;
  readonly width: number;
  readonly height: number;
}

export interface RotationChange {
  readonly atMs: number;
  readonly degrees: 0 | 90 | 180 | 270;
}

/** Ms from the recording's zero. */
export interface SentStretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A layer that its sender has switched off sends nothing for longer. */
export const PAUSE_MS = 2000;

/** The pictures of one stream of a dump. */
export interface PictureCounts {
  readonly shown: number;
  readonly incomplete: number;
  readonly undecodable: number;
  readonly beforeKeyFrame: number;
  readonly keyFrames: number;
  readonly keyFrameBytes: number;
  readonly keyFrameBytesMax: number;
  /** Between two of them. */
  readonly keyFrameIntervals: { readonly count: number; readonly sumMs: number; readonly maxMs: number };
  readonly firstPacketMs: number | undefined;
  readonly firstShownMs: number | undefined;
  readonly lastShownMs: number | undefined;
  /** Stretches in which something of pictures came, none two seconds behind the one before. */
  readonly sent: readonly SentStretch[];
  /** The first key frames, for what a newcomer waits for; a sender sends one in seconds or minutes. */
  readonly keyFrameTimesMs: readonly number[];
  readonly sizes: readonly SizeChange[];
  readonly rotations: readonly RotationChange[];
  readonly freezes: FreezeCounts;
  /** Packets by the layer that they name, `temporal/spatial`. */
  readonly layers: Readonly<Record<string, number>>;
}

const MOST_KEY_FRAMES = 20_000;

/** Watches the pictures of one stream that a decoder can show. */
export class Pictures {
  readonly seconds = new Seconds();
  readonly #codec: Codec;
  readonly #baseMs: number;
  readonly #depacketizer: Depacketizer;
  readonly #freezes = new Freezes();
  readonly #sizes: SizeChange[] = [];
  readonly #rotations: RotationChange[] = [];
  readonly #sent: { fromMs: number; untilMs: number }[] = [];
  /** Packets by temporal layer << 3 | spatial layer: names for every packet are dear. */
  readonly #layers = new Map<number, number>();
  readonly #keyFrameTimes: number[] = [];
  #keyFrames = 0;
  #keyFrameBytes = 0;
  #keyFrameBytesMax = 0;
  #intervals = { count: 0, sumMs: 0, maxMs: 0 };
  #lastKeyMs: number | undefined;
  #firstPacketMs: number | undefined;
  #lastPacketMs = 0;
  #firstShownMs: number | undefined;
  #lastShownMs: number | undefined;
  #parameters: unknown;
  #lastTicks: number | undefined;

  /** @param baseMs of the dump's offset 0, from the recording's zero */
  constructor(codec: Codec, baseMs: number, depacketizer: Depacketizer) {
    this.#codec = codec;
    this.#baseMs = baseMs;
    this.#depacketizer = depacketizer;
  }

  packet(packet: MediaPacket): void {
    const atMs = this.#baseMs + packet.receivedMs;
    this.#firstPacketMs ??= atMs;
    this.#lastPacketMs = atMs;
    if (packet.rtpTicks !== this.#lastTicks) {
      this.seconds.add(this.seconds.at(atMs), SECOND.sentFrames, 1);
      this.#goesOn(atMs);
    }
    this.#lastTicks = packet.rtpTicks;
    const { temporal, spatial } = payloadLayers(this.#codec, packet.payload);
    if (temporal !== undefined || spatial !== undefined) {
      const layer = ((temporal ?? 0) << 3) | (spatial ?? 0);
      this.#layers.set(layer, (this.#layers.get(layer) ?? 0) + 1);
    }
    this.#depacketizer.push(packet);
    this.#pull();
  }

  finish(): PictureCounts {
    this.#depacketizer.flush();
    this.#pull();
    this.#freezes.end(this.#lastPacketMs);
    const { framesEmitted, framesIncomplete, framesUndecodable, framesBeforeKeyFrame } =
      this.#depacketizer.statistics;
    const { count, totalMs, longestMs, list } = this.#freezes;
    return {
      shown: framesEmitted,
      incomplete: framesIncomplete,
      undecodable: framesUndecodable,
      beforeKeyFrame: framesBeforeKeyFrame,
      keyFrames: this.#keyFrames,
      keyFrameBytes: this.#keyFrameBytes,
      keyFrameBytesMax: this.#keyFrameBytesMax,
      keyFrameIntervals: this.#intervals,
      firstPacketMs: this.#firstPacketMs,
      firstShownMs: this.#firstShownMs,
      lastShownMs: this.#lastShownMs,
      sent: this.#sent,
      keyFrameTimesMs: this.#keyFrameTimes,
      sizes: this.#sizes,
      rotations: this.#rotations,
      freezes: { count, totalMs, longestMs, list },
      layers: Object.fromEntries(
        [...this.#layers].map(([layer, count]) => [`${layer >> 3}/${layer & 7}`, count]),
      ),
    };
  }

  #pull(): void {
    for (let frame = this.#depacketizer.pull(); frame !== undefined; frame = this.#depacketizer.pull()) {
      const atMs = this.#baseMs + frame.receivedMs;
      this.#firstShownMs ??= atMs;
      this.#lastShownMs = atMs;
      this.#freezes.shown(atMs, frame.rtpTicks / TICKS_PER_MS, frame.run);
      const second = this.seconds.at(atMs);
      this.seconds.add(second, SECOND.frames, 1);
      this.seconds.add(second, SECOND.frameBytes, frame.byteLength);
      if (frame.keyFrame) this.#keyFrame(atMs, frame.byteLength);
      if (frame.parameters !== this.#parameters) this.#size(atMs, frame.parameters as VideoParameters);
      this.#parameters = frame.parameters;
      if (this.#rotations.at(-1)?.degrees !== frame.rotation && this.#rotations.length < MOST_CHANGES)
        this.#rotations.push({ atMs, degrees: frame.rotation });
    }
  }

  #goesOn(atMs: number): void {
    const last = this.#sent.at(-1);
    if (last !== undefined && (atMs - last.untilMs <= PAUSE_MS || this.#sent.length === MOST_CHANGES))
      last.untilMs = Math.max(atMs, last.untilMs);
    else this.#sent.push({ fromMs: atMs, untilMs: atMs });
  }

  #keyFrame(atMs: number, bytes: number): void {
    this.seconds.add(this.seconds.at(atMs), SECOND.keyFrames, 1);
    this.#keyFrames++;
    this.#keyFrameBytes += bytes;
    this.#keyFrameBytesMax = Math.max(this.#keyFrameBytesMax, bytes);
    if (this.#lastKeyMs !== undefined) {
      const intervalMs = Math.max(0, atMs - this.#lastKeyMs);
      this.#intervals.count++;
      this.#intervals.sumMs += intervalMs;
      this.#intervals.maxMs = Math.max(this.#intervals.maxMs, intervalMs);
    }
    this.#lastKeyMs = atMs;
    if (this.#keyFrameTimes.length < MOST_KEY_FRAMES) this.#keyFrameTimes.push(atMs);
  }

  #size(atMs: number, { width, height }: VideoParameters): void {
    const last = this.#sizes.at(-1);
    if (last?.width === width && last.height === height) return;
    if (this.#sizes.length < MOST_CHANGES) this.#sizes.push({ atMs, width, height });
  }
}
