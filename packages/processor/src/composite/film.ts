import { rm } from 'node:fs/promises';
import { type Chunk, chunkPath, chunksOf } from './chunks.ts';
import { pictureAt } from './decoders/shot.ts';
import { PictureEncoder, type PictureEncoding } from './encoder.ts';
import { FilmPictures, type FilmPicturesOptions, type Unseen } from './film-pictures.ts';
import { type FilmContainer, joinFilm } from './join-film.ts';

export interface FilmOptions extends FilmPicturesOptions {
  readonly encoding: PictureEncoding & FilmContainer;
  readonly onProgress: (filmedMs: number, totalMs: number) => void;
}

export interface Filmed {
  readonly pictures: number;
  readonly unseen: readonly Unseen[];
}

/**
 * Decodes what is seen, paints it and has it encoded in chunks, which become one file with the sound.
 *
 * @throws {ProcessorError} ERR_NO_FFMPEG, ERR_ENCODER_FAILED; the signal's reason
 */
export async function film(options: FilmOptions): Promise<Filmed> {
  const { encoding, scenes, reading } = options;
  const pictures = Math.max(1, pictureAt(scenes.durationMs, scenes.fps));
  const chunks = chunksOf(pictures, scenes.fps);
  try {
    const unseen = await shootChunks(options, chunks);
    await joinFilm(chunks, encoding, reading.signal);
    return { pictures, unseen };
  } finally {
    for (const chunk of chunks) await rm(chunkPath(encoding.path, chunk), { force: true });
  }
}

/**
 * Makes the files of chunks that follow each other, picture by picture; whoever is slowest holds up the others. Decoders and
 * canvas go on from chunk to chunk: only the first begins with the last key frames before it.
 *
 * @throws as film does
 */
export async function shootChunks(
  options: FilmOptions,
  chunks: readonly Chunk[],
): Promise<readonly Unseen[]> {
  const stretch = { from: chunks[0]?.from ?? 0, to: chunks.at(-1)?.to ?? 0 };
  const pictures = new FilmPictures(options, stretch);
  try {
    for (const chunk of chunks) await shootChunk(pictures, chunk, options);
    await pictures.close();
    return pictures.unseen;
  } finally {
    await pictures.close();
  }
}

async function shootChunk(
  pictures: FilmPictures,
  chunk: Chunk,
  { encoding, scenes, reading: { signal }, onProgress }: FilmOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const path = chunkPath(encoding.path, chunk);
  const encoder = await PictureEncoder.start({ ...encoding, path });
  const stop = () => void encoder.abandon();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (let number = chunk.from; number < chunk.to; number++) {
      signal?.throwIfAborted();
      await encoder.write(await pictures.at(number));
      onProgress(((number + 1) * 1000) / scenes.fps, scenes.durationMs);
    }
    await encoder.finish();
  } catch (error) {
    await encoder.abandon();
    await rm(path, { force: true });
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
