import type { MatroskaFrame } from '@rawreel/matroska';

/** The bytes of a frame, wherever they are. */
export const joined = ({ chunks }: Pick<MatroskaFrame, 'chunks'>): Buffer =>
  Buffer.concat(
    chunks.map((chunk) => {
      if (chunk instanceof Uint8Array) return chunk;
      const bytes = new Uint8Array(chunk.length);
      chunk.copyTo(bytes, 0);
      return bytes;
    }),
  );
