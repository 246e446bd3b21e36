import { stopIfAborted } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** Taking checksums is twice as fast in pieces that a core's cache holds, inflating as fast as in larger ones. */
const DEFAULT_PIECE_SIZE = 256 * 1024;

export interface PieceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly pieceSize?: number | undefined;
  /** A piece is only good until the next is asked for. Faster inflating: no fresh memory is touched. */
  readonly transient?: boolean | undefined;
}

/**
 * A range of a source in pieces, the next one being read while the last is used. Ends early where the source does.
 */
export async function* readPieces(
  source: ByteSource,
  start: number,
  length: number,
  options: PieceOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  const pieceSize = Math.min(options.pieceSize ?? DEFAULT_PIECE_SIZE, length);
  const end = start + length;
  let position = start;
  let reads = 0;
  // One is used while the other is filled.
  const buffers: Uint8Array[] = [];
  const readNext = (): Promise<Uint8Array> | undefined => {
    if (position >= end) return undefined;
    const size = Math.min(pieceSize, end - position);
    const reading = source.read(position, size, options.transient === true ? bufferFor(reads) : undefined);
    reads += 1;
    // Whoever stops early never looks at the piece read ahead.
    reading.catch(() => undefined);
    return reading;
  };
  const bufferFor = (read: number): Uint8Array => {
    buffers[read % 2] ??= Buffer.allocUnsafeSlow(pieceSize);
    return buffers[read % 2] as Uint8Array;
  };
  let next = readNext();
  try {
    while (next !== undefined) {
      stopIfAborted(options.signal);
      const piece = await next;
      next = undefined;
      if (piece.byteLength === 0) return;
      position += piece.byteLength;
      next = readNext();
      yield piece;
    }
  } finally {
    // The source may be closed as soon as this ends.
    await next?.catch(() => undefined);
  }
}
