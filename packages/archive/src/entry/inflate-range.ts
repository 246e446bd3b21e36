import type { ByteSource } from '../source/byte-source.ts';
import { readPieces } from '../source/pieces.ts';
import { openInflater } from './open-inflater.ts';

/**
 * Input goes in by this much where an error is being approached: zlib drops what the failing piece had yielded before
 * it failed, so this is how much input may be lost beside the damage.
 */
const CAREFUL_PIECE = 64;

/** `cut`: the bytes end too early. `checksum`: all of them could be inflated, and some are wrong. */
type InflateFailureKind = 'broken' | 'cut' | 'checksum';

/** The compressed bytes are not what they should be. Thrown behind everything that could be inflated. */
export class InflateFailure extends Error {
  readonly kind: InflateFailureKind;

  constructor(kind: InflateFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/**
 * Inflates a range of a source that holds raw deflate.
 *
 * @throws InflateFailure after all that could be inflated has been given out.
 */
export async function* inflateRange(
  source: ByteSource,
  start: number,
  length: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const inflater = openInflater();
  const progress = { given: 0, consumed: 0 };
  try {
    for await (const piece of readPieces(source, start, length, { signal, transient: true })) {
      for await (const chunk of inflater.feed(piece)) {
        progress.given += chunk.byteLength;
        yield chunk;
      }
      if (inflater.ended) return;
      progress.consumed += piece.byteLength;
    }
    for await (const chunk of inflater.finish()) {
      progress.given += chunk.byteLength;
      yield chunk;
    }
    return;
  } catch (error) {
    requireSalvageable(error);
  } finally {
    inflater.close();
  }
  yield* salvage(source, { start, length, ...progress }, signal);
}

/** @throws what is no failure of the data, and InflateFailure where zlib has given all that there is. */
export function requireSalvageable(error: unknown): void {
  if (!isZlibError(error)) throw error;
  if (error.code === 'Z_BUF_ERROR') throw new InflateFailure('cut', error.message, error);
}

/**
 * Where the data is broken zlib throws away the output of the call that failed, up to a piece's worth. The range is
 * then inflated a second time, in tiny steps through the piece that failed, to hand out what was lost: rare, and at
 * most twice the work.
 *
 * @throws InflateFailure at its end.
 */
export async function* salvage(
  source: ByteSource,
  range: {
    readonly start: number;
    readonly length: number;
    /** Bytes in front of the piece that failed. */
    readonly consumed: number;
    /** Inflated bytes that have been handed out. */
    readonly given: number;
  },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, never, void> {
  let skip = range.given;
  const inflater = openInflater();
  try {
    for await (const piece of carefulPieces(source, range, signal)) {
      for await (const chunk of inflater.feed(piece)) {
        const fresh = chunk.subarray(Math.min(skip, chunk.byteLength));
        skip -= chunk.byteLength - fresh.byteLength;
        if (fresh.byteLength > 0) yield fresh;
      }
    }
    throw new Error('inflated the second time, after failing the first');
  } catch (error) {
    throw isZlibError(error) ? new InflateFailure('broken', error.message, error) : error;
  } finally {
    inflater.close();
  }
}

async function* carefulPieces(
  source: ByteSource,
  { start, length, consumed }: { start: number; length: number; consumed: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const options = { signal, transient: true };
  yield* readPieces(source, start, consumed, options);
  for await (const piece of readPieces(source, start + consumed, length - consumed, options)) {
    for (let at = 0; at < piece.byteLength; at += CAREFUL_PIECE) yield piece.subarray(at, at + CAREFUL_PIECE);
  }
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && /^Z_/.test((error as NodeJS.ErrnoException).code ?? '');
}
