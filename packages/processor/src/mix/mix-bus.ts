import type { MixedTrack, MixPlan } from './mix-plan.ts';
import { SAMPLE_RATE, type Sound } from './mix-source.ts';
import { packetsOf } from './track-packets.ts';
import { TrackSound } from './track-sound.ts';

/** A window of the sum, a block per channel; undefined where nothing is heard on it. */
export type Blocks = readonly (Float32Array | undefined)[];

/** The memory of blocks: what to hand over where they go to another thread, and what they leave behind. */
export const buffersOf = (blocks: Blocks): ArrayBuffer[] =>
  blocks.flatMap((block) => (block === undefined ? [] : [block.buffer as ArrayBuffer]));

/** Sums tracks, window by window. */
export interface Bus {
  /** Windows that may be asked for before the one before them is there. */
  readonly ahead: number;
  /** Samples of all channels in one window, about. */
  readonly windowSamples: number;
  /** Windows follow each other without a gap. */
  window(from: number, to: number): Promise<Blocks>;
  /** Takes memory for later windows, of blocks that are done with: as garbage they would pile up by the 64 MB. */
  reuse(memory: readonly ArrayBuffer[]): void;
  close(): Promise<void>;
}

export interface BusOptions extends Pick<MixPlan, 'tracks' | 'channels' | 'sampleRate'> {
  readonly zeroUnixMs: number;
  readonly maxEntrySize?: number | undefined;
}

/** Held of all tracks together: they are read side by side. */
const HELD_BYTES = 2 ** 20;
const SMALLEST_PIECE_BYTES = 2 * 1024;
const LARGEST_PIECE_BYTES = 16 * 1024;

/** Decodes and sums in this thread. */
export class MixBus implements Bus {
  readonly ahead = 0;
  /** No more than a pipe holds: ffmpeg gets a window at once and encodes it while this thread decodes the next. */
  readonly windowSamples = SAMPLE_RATE / 2;
  readonly #channels: number;
  readonly #spare: ArrayBuffer[] = [];
  readonly #tracks: readonly (Pick<MixedTrack, 'into'> & { readonly track: TrackSound })[];

  constructor({ tracks, channels, sampleRate, zeroUnixMs, ...reading }: BusOptions, signal?: AbortSignal) {
    this.#channels = channels;
    const share = Math.floor(HELD_BYTES / tracks.length);
    const copyPieceBytes = Math.max(SMALLEST_PIECE_BYTES, Math.min(LARGEST_PIECE_BYTES, share));
    this.#tracks = tracks.map(({ placed, into, gate }) => {
      const packets = packetsOf(placed, zeroUnixMs, {
        ...reading,
        signal,
        copyPieceBytes,
        onBytes: () => undefined,
      });
      const channels = into.length > 1 && placed.scans.some(({ stereo }) => stereo) ? 2 : 1;
      const firstAt = ((placed.runs[0]?.startMs ?? zeroUnixMs) - zeroUnixMs) * (sampleRate / 1000);
      return { into, track: new TrackSound(packets, { channels, firstAt, sampleRate, gate }) };
    });
  }

  async window(from: number, to: number): Promise<Blocks> {
    const blocks: (Float32Array | undefined)[] = Array.from({ length: this.#channels }, () => undefined);
    for (const { track, into } of this.#tracks) {
      await track.render(to, (sound) => {
        for (const [index, channel] of into.entries()) {
          blocks[channel] ??= this.#silence(to - from);
          add(sound, index, blocks[channel], from);
        }
      });
    }
    return blocks;
  }

  reuse(memory: readonly ArrayBuffer[]): void {
    this.#spare.push(...memory);
  }

  #silence(length: number): Float32Array {
    const spare = this.#spare.pop();
    if (spare === undefined || spare.byteLength < length * Float32Array.BYTES_PER_ELEMENT)
      return new Float32Array(length);
    return new Float32Array(spare, 0, length).fill(0);
  }

  async close(): Promise<void> {
    for (const { track } of this.#tracks) await track.close();
  }
}

/** A mono sound is the same on both channels. */
function add({ at, channels }: Sound, index: number, block: Float32Array, from: number): void {
  const channel = channels[Math.min(index, channels.length - 1)];
  if (channel === undefined) return;
  const offset = at - from;
  const end = Math.min(block.length, offset + channel.length);
  for (let sample = Math.max(0, offset); sample < end; sample++)
    block[sample] = (block[sample] ?? 0) + (channel[sample - offset] ?? 0);
}
