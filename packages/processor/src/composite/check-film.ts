import { FfmpegProcess } from '../ffmpeg/ffmpeg-process.ts';
import { fileUrl } from '../ffmpeg/file-url.ts';

/** Decodes a finished film. @returns what is wrong with it, in words; nothing for a sound one. */
export async function flawsOfFilm(
  path: string,
  { pictures, hasSound }: { readonly pictures: number; readonly hasSound: boolean },
  {
    ffmpegPath,
    signal,
  }: { readonly ffmpegPath?: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const streams = ['-map', '0:v', ...(hasSound ? ['-map', '0:a'] : [])];
  const ffmpeg = new FfmpegProcess(
    ['-nostdin', '-i', fileUrl(path), ...streams, '-progress', 'pipe:1', '-f', 'null', '-'],
    ffmpegPath,
  );
  const stop = () => void ffmpeg.kill();
  signal?.addEventListener('abort', stop, { once: true });
  let told = '';
  ffmpeg.stdout.setEncoding('latin1').on('data', (text: string) => {
    told = (told + text).slice(-1000);
  });
  const { failure } = await ffmpeg.ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  const complaint = failure ?? ffmpeg.lastWords;
  if (complaint !== '') return [`decode: ${complaint}`];
  const decoded = Number([...told.matchAll(/^frame=\s*(\d+)/gm)].at(-1)?.[1] ?? 0);
  return decoded === pictures ? [] : [`length: it has ${decoded} pictures, not ${pictures}`];
}
