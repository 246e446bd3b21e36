import { encode, int, uint } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';
import { putId, putSize, sizeLength } from '../ebml/vint.ts';
import type { FrameBytes } from '../matroska-frame.ts';

/** Id and a size of four octets; the size is filled in when the cluster is complete. */
const HEAD_LENGTH = 8;
const SIZE_LENGTH = 4;
const FIRST_CAPACITY = 64 * 1024;
const KEY_FRAME = 0x80;

/** One frame with whole milliseconds, as a cluster takes it. */
export interface Block {
  readonly trackNumber: number;
  readonly timestampMs: number;
  /** The largest time of its track up to here: greater than its own where it is shown earlier. */
  readonly orderMs: number;
  readonly keyFrame: boolean;
  readonly chunks: readonly FrameBytes[];
  readonly byteLength: number;
  /** BlockDuration, where it must be told. */
  readonly durationMs: number | undefined;
  /** The frame before it on its track, for ReferenceBlock. */
  readonly previousMs: number | undefined;
}

/** More than all octets of a block that are not the frame: ids, sizes, track, time, flags, duration, reference. */
export const BLOCK_OVERHEAD = 64;

/**
 * One Cluster (RFC 9559 §5.1.3) being joined, in a buffer that is used again for the next. The chunks of a frame are copied
 * here and nowhere else: the sink gets the whole cluster in one piece.
 */
export class ClusterBuffer {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #end = 0;
  /** Behind the bytes of the frame appended last. */
  frameEnd = 0;
  timestampMs = 0;

  get isOpen(): boolean {
    return this.#end > 0;
  }

  /** Octets of the cluster so far. */
  get byteLength(): number {
    return this.#end;
  }

  /** Timestamp (RFC 9559 §5.1.3.1) comes first: what follows counts from it. */
  open(timestampMs: number): void {
    const timestamp = encode(uint(Id.Timestamp, timestampMs));
    this.timestampMs = timestampMs;
    putId(this.#bytes, 0, Id.Cluster);
    this.#bytes.set(timestamp, HEAD_LENGTH);
    this.#end = HEAD_LENGTH + timestamp.length;
  }

  /** Returns the block's position in the cluster's content, as CueRelativePosition counts it. */
  append(block: Block): number {
    const from = this.#end;
    this.#reserve(block.byteLength + BLOCK_OVERHEAD);
    if (block.durationMs === undefined) {
      this.#putId(Id.SimpleBlock);
      this.#putBlock(block, block.keyFrame ? KEY_FRAME : 0);
    } else {
      this.#putBlockGroup(block, block.durationMs);
    }
    return from - HEAD_LENGTH;
  }

  /** The finished cluster: a view that holds until the next `open`. */
  seal(): Uint8Array {
    putSize(this.#bytes, HEAD_LENGTH - SIZE_LENGTH, this.#end - HEAD_LENGTH, SIZE_LENGTH);
    const cluster = this.#bytes.subarray(0, this.#end);
    this.#end = 0;
    return cluster;
  }

  /**
   * RFC 9559 §5.1.3.5. Only here can a block say how long it lasts. Its flags have no key bit: a block is a key frame when
   * it has no ReferenceBlock, and 0 means "some block, unknown".
   */
  #putBlockGroup(block: Block, durationMs: number): void {
    const reference = block.previousMs === undefined ? 0 : block.previousMs - block.timestampMs;
    const duration = encode(uint(Id.BlockDuration, durationMs));
    const dependsOn = block.keyFrame ? undefined : encode(int(Id.ReferenceBlock, reference));
    const content = blockLength(block);
    const size = 1 + sizeLength(content) + content + duration.length + (dependsOn?.length ?? 0);
    this.#putId(Id.BlockGroup);
    this.#end = putSize(this.#bytes, this.#end, size);
    this.#putId(Id.Block);
    this.#putBlock(block, 0);
    this.#putBytes(duration);
    if (dependsOn !== undefined) this.#putBytes(dependsOn);
  }

  /**
   * RFC 9559 §10.1, §10.2, after the id:
   *
   *     size (vint) | track number (vint) | timestamp − cluster's (int16) | flags | frame
   */
  #putBlock(block: Block, flags: number): void {
    const bytes = this.#bytes;
    let at = putSize(bytes, this.#end, blockLength(block));
    at = putSize(bytes, at, block.trackNumber);
    const relative = block.timestampMs - this.timestampMs;
    bytes[at++] = relative >> 8;
    bytes[at++] = relative;
    bytes[at++] = flags;
    for (const chunk of block.chunks) {
      if (chunk instanceof Uint8Array) bytes.set(chunk, at);
      else chunk.copyTo(bytes, at);
      at += chunk.length;
    }
    this.frameEnd = at;
    this.#end = at;
  }

  #putId(id: number): void {
    this.#end = putId(this.#bytes, this.#end, id);
  }

  #putBytes(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #reserve(more: number): void {
    const needed = this.#end + more;
    if (needed <= this.#bytes.length) return;
    let capacity = this.#bytes.length * 2;
    while (capacity < needed) capacity *= 2;
    const larger = new Uint8Array(capacity);
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

function blockLength(block: Block): number {
  return sizeLength(block.trackNumber) + 3 + block.byteLength;
}
