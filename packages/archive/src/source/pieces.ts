import { stopIfAborted } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** Large reads for data that is inflated: measured fastest. */
export const PIECE_SIZE = 1024 * 1024;

/**
 * A range of a source in pieces, the next one being read while the last is used. Ends early where the source does.
 */
export async function* readPieces(
  source: ByteSource,
  start: number,
  length: number,
  signal?: AbortSignal,
  pieceSize = PIECE_SIZE,
): AsyncGenerator<Uint8Array, void, void> {
  const end = start + length;
  let position = start;
  const readNext = (): Promise<Uint8Array> | undefined => {
    if (position >= end) return undefined;
    const reading = source.read(position, Math.min(pieceSize, end - position));
    // Whoever stops early never looks at the piece read ahead.
    reading.catch(() => undefined);
    return reading;
  };
  let next = readNext();
  try {
    while (next !== undefined) {
      stopIfAborted(signal);
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
