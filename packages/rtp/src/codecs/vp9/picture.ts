import type { MediaPacket } from '../../order/media-packet.ts';
import { type Chunks, lengthOf } from '../chunks.ts';
import { resetsContexts } from './decoder-state.ts';
import { hideFrame } from './hidden-frame.ts';
import { MAX_FRAMES_IN_SUPERFRAME, superframeIndex } from './superframe.ts';
import type { Vp9FrameHeader } from './uncompressed-header.ts';

/** Far above any real picture, and small enough that a hostile stream cannot fill the memory. */
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;
const MAX_PICTURE_PACKETS = 65_536;
/** Eight spatial layers are all there can be; each keeps a buffer of what was read alive. */
const MAX_LAYER_FRAMES = 64;

export interface Vp9Frame {
  readonly chunks: Chunks;
  readonly header: Vp9FrameHeader;
}

/** What the packets from B to E hold: one frame, or a superframe of hidden ones and one shown. */
export interface Vp9LayerFrame {
  readonly chunks: Chunks;
  readonly frames: readonly Vp9Frame[];
}

/** The decodable layer frames of one RTP timestamp. */
export class Vp9Picture {
  readonly run: number;
  readonly rtpTicks: number;
  receivedMs: number;
  /** A packet of it is missing, or it ends half way. */
  incomplete = false;
  readonly layerFrames: Vp9LayerFrame[] = [];
  #packets = 0;
  #bytes = 0;

  constructor(first: MediaPacket) {
    this.run = first.run;
    this.rtpTicks = first.rtpTicks;
    this.receivedMs = first.receivedMs;
  }

  /** Call for each of its packets. */
  count(packet: MediaPacket): void {
    this.receivedMs = packet.receivedMs;
    this.#packets += 1;
    this.#bytes += packet.payload.length;
  }

  get tooLarge(): boolean {
    return (
      this.#packets > MAX_PICTURE_PACKETS ||
      this.#bytes > MAX_PICTURE_BYTES ||
      this.layerFrames.length > MAX_LAYER_FRAMES
    );
  }

  get keyFrame(): boolean {
    return this.layerFrames[0]?.frames[0]?.header.keyFrame === true;
  }

  /** The header of the frame that a decoder displays; of the last one where the sender shows none. */
  get displayed(): Vp9FrameHeader | undefined {
    const frames = this.#frames;
    return (frames[displayedIndex(frames)] ?? frames.at(-1))?.header;
  }

  /**
   * The picture as a decoder gets it, showing one frame. A single layer frame stays as it came. Several become one
   * superframe in which all but the top one are hidden: decoders that show every frame of a superframe (ffmpeg) then
   * agree with those that show its last (libvpx), and every layer stays decodable for the pictures to come. Where the
   * sender shows none, none is shown: pictures to come may build on what is hidden.
   * Undefined where there are more frames than a superframe holds.
   */
  compose(): Uint8Array[] | undefined {
    const [only, second] = this.layerFrames;
    if (only !== undefined && second === undefined) return [...only.chunks];
    const frames = this.#frames;
    const top = displayedIndex(frames);
    const parts: Chunks[] = [];
    frames.forEach((frame, index) => {
      const part = index < top ? hideBefore(frame, frames[index + 1]) : frame.chunks;
      if (part.length > 0) parts.push(part);
    });
    if (parts.length > MAX_FRAMES_IN_SUPERFRAME) return undefined;
    const chunks = parts.flat();
    if (parts.length > 1) chunks.push(superframeIndex(parts.map(lengthOf)));
    return chunks;
  }

  get #frames(): readonly Vp9Frame[] {
    return this.layerFrames.flatMap((layerFrame) => layerFrame.frames);
  }
}

function displayedIndex(frames: readonly Vp9Frame[]): number {
  return frames.findLastIndex((frame) => frame.header.shown);
}

/**
 * Hides a frame, unless that would change how the next one decodes: a frame that is not error resilient takes motion
 * vectors from the one before it if that was shown and had its size (VP9 bitstream specification §7.2, LastShowFrame).
 * Layers of different sizes, and error-resilient ones as SVC encoders make them, are not concerned. A frame that only
 * shows another again vanishes: it leaves nothing behind.
 */
function hideBefore(frame: Vp9Frame, next: Vp9Frame | undefined): Chunks {
  const { header, chunks } = frame;
  if (!header.shown) return chunks;
  if (next !== undefined && usesMotionOf(next.header, header)) return chunks;
  if (header.showExistingSlot !== undefined) return [];
  return hideFrame(chunks, header) ?? chunks;
}

function usesMotionOf(next: Vp9FrameHeader, previous: Vp9FrameHeader): boolean {
  if (resetsContexts(next) || next.intraOnly || next.showExistingSlot !== undefined) return false;
  return next.size?.width === previous.size?.width && next.size?.height === previous.size?.height;
}
