import { FfmpegProcess } from '../ffmpeg/ffmpeg-process.ts';
import { fileUrl } from '../ffmpeg/file-url.ts';
import { COMPOSITE_FORMAT_TABLE, type CompositeFormat } from '../plan/composite-formats.ts';
import { languageCode } from '../plan/language-code.ts';
import { type Chunk, chunkPath } from './chunks.ts';
import { filmFailed } from './encoder.ts';

/** What a film is beside its pictures. */
export interface FilmContainer {
  readonly path: string;
  readonly format: CompositeFormat;
  readonly fps: number;
  /** Path of the finished sound; a film may have none. */
  readonly sound?: string | undefined;
  /** Path of captions (WebVTT). */
  readonly captions?: string | undefined;
  /** Of the captions, as BCP 47 has it. */
  readonly language?: string | undefined;
  /** Path of chapters (FFMETADATA1). */
  readonly chapters: string;
  readonly title: string;
  readonly startsAt: string;
  readonly madeBy: string;
  readonly ffmpegPath?: string | undefined;
}

/**
 * Joins the pictures of chunks by copy, and puts the sound beside them.
 *
 * @param chunks in order, all there are
 * @throws {ProcessorError} ERR_ENCODER_FAILED; the signal's reason
 */
export async function joinFilm(
  chunks: readonly Chunk[],
  film: FilmContainer,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const ffmpeg = new FfmpegProcess(argumentsOf(film), film.ffmpegPath);
  const stop = () => void ffmpeg.kill();
  signal?.addEventListener('abort', stop, { once: true });
  ffmpeg.stdin.end(listOf(chunks, film));
  const { failure } = await ffmpeg.ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failure !== undefined) throw filmFailed(failure);
}

function argumentsOf(film: FilmContainer): readonly string[] {
  const { path, format, sound, captions, chapters, title, startsAt, madeBy } = film;
  const { container, forPlaying } = COMPOSITE_FORMAT_TABLE[format];
  const asides = [sound, captions, chapters].filter((aside) => aside !== undefined);
  const input = (aside: string) => asides.indexOf(aside) + 1;
  return [
    ...['-protocol_whitelist', 'file,pipe', '-f', 'concat', '-safe', '0', '-i', 'pipe:0'],
    ...asides.flatMap((aside) => ['-i', fileUrl(aside)]),
    ...['-map', '0:v', '-c', 'copy'],
    ...(sound === undefined ? [] : ['-map', `${input(sound)}:a`]),
    ...(captions === undefined ? [] : ['-map', `${input(captions)}:s`, ...captionOptions(film)]),
    ...['-map_chapters', `${input(chapters)}`, '-map_metadata:g', '-1'],
    ...['-metadata', `title=${title}`, '-metadata', `encoded_by=${madeBy}`],
    ...['-metadata', `date=${startsAt}`, '-metadata', `creation_time=${startsAt}`],
    ...[...forPlaying, '-f', container, fileUrl(path)],
  ];
}

function captionOptions({ format, language }: FilmContainer): readonly string[] {
  const code = languageCode(language);
  return [
    ...['-c:s', COMPOSITE_FORMAT_TABLE[format].captions],
    ...(code === undefined ? [] : ['-metadata:s:s:0', `language=${code}`]),
  ];
}

/** As ffmpeg's `concat` reads it. What a file says of its length is rounded; ours is not. */
function listOf(chunks: readonly Chunk[], { path, fps }: FilmContainer): string {
  const lines = chunks.map((chunk) => {
    const quoted = fileUrl(chunkPath(path, chunk)).replaceAll("'", "'\\''");
    return `file '${quoted}'\nduration ${((chunk.to - chunk.from) / fps).toFixed(6)}\n`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
}
