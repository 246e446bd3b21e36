import type { MediaPacket } from '../order/media-packet.ts';
import { Pieces } from './pieces.ts';

/** Larger than any real frame (4K lossless is 25 MB), small enough that a hostile stream cannot fill the memory. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const MAX_FRAME_PACKETS = 65_536;

/** The packets of one frame so far: what every video payload format collects, whatever its headers say. */
export class PartialFrame {
  readonly run: number;
  readonly rtpTicks: number;
  receivedMs: number;
  /** The last packet seen carried the marker bit, which all video payload formats set on a frame's last packet. */
  marker = false;
  /** Something of it is missing or senseless: it will never be given out. */
  broken = false;
  readonly #pieces = new Pieces();
  #packets = 0;
  #receivedBytes = 0;

  constructor(first: MediaPacket) {
    this.run = first.run;
    this.rtpTicks = first.rtpTicks;
    this.receivedMs = first.receivedMs;
  }

  get chunks(): readonly Uint8Array[] {
    return this.#pieces.chunks;
  }
  get byteLength(): number {
    return this.#pieces.byteLength;
  }

  /** Call once for each of its packets, before its bytes are appended. */
  addPacket(packet: MediaPacket): void {
    this.#packets += 1;
    this.receivedMs = packet.receivedMs;
    this.marker = packet.marker;
    this.#receivedBytes += packet.payload.length;
    if (this.#packets > MAX_FRAME_PACKETS || this.#receivedBytes > MAX_FRAME_BYTES) this.break();
  }

  append(chunk: Uint8Array): void {
    if (!this.broken) this.#pieces.append(chunk);
  }

  /** Lets go of its bytes: a frame with a hole is of no use to anybody. */
  break(): void {
    this.broken = true;
    this.#pieces.clear();
  }
}
