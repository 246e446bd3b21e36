import { mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { printable } from '@rawreel/text';
import { FfmpegProcess } from '../../ffmpeg/ffmpeg-process.ts';
import { fileUrl } from '../../ffmpeg/file-url.ts';
import { ProcessorError } from '../../processor-error.ts';
import { MOST_TRANSCRIPTION_BYTES } from '../read-transcription.ts';
import { readTranscriptionFile } from '../read-transcription-file.ts';
import { type CommandTemplate, filledIn } from './command-line.ts';
import { runCommand } from './run-command.ts';

export interface VoiceToTranscribe {
  /** Path of the FLAC. */
  readonly path: string;
  /** Where the result goes, without an extension. */
  readonly result: string;
  /** For what is unfinished. */
  readonly workFolder: string;
  readonly ffmpegPath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const RESULTS = ['.json', '.vtt', '.srt'] as const;

/**
 * Runs a transcriber on one voice, in a folder of its own, and keeps what it made.
 *
 * @returns the path of the result
 * @throws {ProcessorError} ERR_TRANSCRIBER_FAILED; the signal's reason
 */
export async function transcribeVoice(command: CommandTemplate, voice: VoiceToTranscribe): Promise<string> {
  const folder = resolve(await mkdtemp(join(voice.workFolder, 'voice-')));
  try {
    const at = (extension: string) => join(folder, `voice${extension}`);
    if (command.uses.has('wav')) await decode(voice, at('.wav'));
    const values = {
      ...{ wav: at('.wav'), flac: resolve(voice.path), vtt: at('.vtt'), srt: at('.srt'), json: at('.json') },
      ...{ base: join(folder, 'voice'), folder },
    };
    const printed = await runCommand(filledIn(command, values), {
      folder,
      mostBytes: MOST_TRANSCRIPTION_BYTES,
      signal: voice.signal,
    });
    const made = command.prints ? await kept(printed, at) : await found(folder);
    await check(made, voice);
    const path = `${voice.result}${extname(made)}`;
    await rename(made, path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What cannot be read is not kept: it would be taken for the voice's transcription from then on. */
async function check(made: string, { path }: VoiceToTranscribe): Promise<void> {
  try {
    await readTranscriptionFile(made);
  } catch (cause) {
    const message = `what the transcriber made of ${printable(basename(path))} cannot be used: ${printable((cause as Error).message)}`;
    throw new ProcessorError('ERR_TRANSCRIBER_FAILED', message, {
      hint: 'Have it write WebVTT, SRT or JSON with times. What it made was not kept.',
      cause,
    });
  }
}

async function decode({ path, ffmpegPath, signal }: VoiceToTranscribe, wav: string): Promise<void> {
  const ffmpeg = new FfmpegProcess(
    ['-nostdin', '-i', fileUrl(path), '-c:a', 'pcm_s16le', '-f', 'wav', fileUrl(wav)],
    ffmpegPath,
  );
  const stop = () => void ffmpeg.kill();
  signal?.addEventListener('abort', stop, { once: true });
  ffmpeg.stdout.resume();
  const { failure } = await ffmpeg.ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failure === undefined) return;
  throw new ProcessorError('ERR_NO_FFMPEG', `cannot decode ${printable(path)}: ${failure}`, {
    hint: 'Install ffmpeg, or give the transcriber the FLAC as it is: {flac} instead of {wav}.',
  });
}

async function kept(printed: string, at: (extension: string) => string): Promise<string> {
  const start = printed.trimStart();
  const path = at(/^(?:\{|\[(?!\d))/.test(start) ? '.json' : start.startsWith('WEBVTT') ? '.vtt' : '.srt');
  await writeFile(path, printed);
  return path;
}

/** The result, in the order in which formats tell most; a program may name it after what it was given. */
async function found(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  for (const extension of RESULTS) {
    const name = names.find((each) => extname(each).toLowerCase() === extension);
    if (name === undefined) continue;
    const path = join(folder, name);
    if ((await stat(path)).isFile()) return path;
  }
  throw new ProcessorError(
    'ERR_TRANSCRIBER_FAILED',
    'the transcriber ended well, but wrote no .json, .vtt or .srt',
    {
      hint: 'Tell it where to write with {vtt}, {srt}, {json}, {base} or {folder}; a command with none of them prints the transcript.',
    },
  );
}
