import { KEY_FRAME_SECONDS } from './encoder.ts';

/** Consecutive pictures of a film that are a file of their own until all are joined. */
export interface Chunk {
  /** Number of the first picture, which is a key frame. */
  readonly from: number;
  readonly to: number;
}

const CHUNK_SECONDS = 300;

/**
 * A film in chunks of about the same length, five minutes at most: each can be made without the others. They begin where
 * a film in one piece would have a key frame, too.
 *
 * @param pictures of the film; at least one
 */
export function chunksOf(pictures: number, fps: number, mostSeconds = CHUNK_SECONDS): readonly Chunk[] {
  const grain = fps * KEY_FRAME_SECONDS;
  const count = Math.ceil(pictures / (fps * mostSeconds));
  const length = Math.ceil(pictures / count / grain) * grain;
  return Array.from({ length: Math.ceil(pictures / length) }, (_, index) => ({
    from: index * length,
    to: Math.min(pictures, (index + 1) * length),
  }));
}

/** Where a chunk lies until the film at `path` is joined. */
export const chunkPath = (path: string, { from }: Chunk): string => `${path}.chunk-${from}`;
