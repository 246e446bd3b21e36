import type { ByteSource } from '../source/byte-source.ts';
import { readPieces } from '../source/pieces.ts';
import { type Compression, Inflater } from './inflater.ts';

/**
 * Input goes in by this much where an error is being approached: zlib drops what the failing piece had yielded before
 * it failed, so this is how much input may be lost beside the damage.
 */
const CAREFUL_PIECE = 64;

/** The checksum at a gzip's end fails in one call with the data before it, unless it goes in alone. */
const TRAILER = 64;

/** The compressed bytes are broken or cut. Thrown behind everything that could be inflated. */
export class InflateFailure extends Error {
  readonly cut: boolean;

  constructor(cause: Error) {
    super(cause.message, { cause });
    this.cut = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  }
}

/**
 * Inflates a range of a source.
 *
 * Where the data is broken zlib throws away the output of the call that failed, up to a piece's worth. The range is
 * then inflated a second time, in tiny steps through the piece that failed, to hand out what was lost: rare, and at
 * most twice the work.
 *
 * @throws InflateFailure after all that could be inflated has been given out.
 */
export async function* inflateRange(
  compression: Compression,
  source: ByteSource,
  start: number,
  length: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  let given = 0;
  let consumed = 0;
  const inflater = new Inflater(compression);
  try {
    for await (const piece of readPieces(source, start, length, { signal, transient: true })) {
      for await (const chunk of inflater.feed(piece)) {
        given += chunk.byteLength;
        yield chunk;
      }
      if (inflater.ended) return;
      consumed += piece.byteLength;
    }
    for await (const chunk of inflater.finish()) {
      given += chunk.byteLength;
      yield chunk;
    }
    return;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    if (error.code === 'Z_BUF_ERROR') throw new InflateFailure(error);
  } finally {
    inflater.close();
  }
  yield* salvage(compression, source, { start, length, consumed, given }, signal);
}

async function* salvage(
  compression: Compression,
  source: ByteSource,
  range: { start: number; length: number; consumed: number; given: number },
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, never, void> {
  let skip = range.given;
  const inflater = new Inflater(compression);
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
    throw isZlibError(error) ? new InflateFailure(error) : error;
  } finally {
    inflater.close();
  }
}

async function* carefulPieces(
  source: ByteSource,
  range: { start: number; length: number; consumed: number },
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const options = { signal, transient: true };
  const { start, length, consumed } = range;
  yield* readPieces(source, start, consumed, options);
  const trailer = length - TRAILER;
  let position = consumed;
  for await (const piece of readPieces(source, start + consumed, length - consumed, options)) {
    for (let at = 0; at < piece.byteLength; ) {
      const step = position + at < trailer ? Math.min(CAREFUL_PIECE, trailer - position - at) : 1;
      yield piece.subarray(at, at + step);
      at += step;
    }
    position += piece.byteLength;
  }
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && /^Z_/.test((error as NodeJS.ErrnoException).code ?? '');
}
