import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '@rawreel/text';
import { ProcessorError } from '../processor-error.ts';
import { transcriptionOf } from '../transcript/find-transcriptions.ts';
import type { TranscribedVoice } from '../transcript/merge-voices.ts';
import { readTranscriptionFile } from '../transcript/read-transcription-file.ts';
import type { CommandTemplate } from '../transcript/transcriber/command-line.ts';
import { transcribeVoice } from '../transcript/transcriber/transcribe-voice.ts';
import type { Transcription } from '../transcript/transcription.ts';
import { transcriptionUnreadable } from '../transcript/transcription-unreadable.ts';
import type { Voice } from './read-kit.ts';
import type { TranscriptOptions } from './transcript-options.ts';
import { openWorkFolder } from './work-folder.ts';

/** Runs a transcriber, for one voice at a time: it keeps all processors busy. */
export async function transcribe(
  voices: readonly Voice[],
  command: CommandTemplate,
  options: TranscriptOptions,
): Promise<void> {
  const { kit, transcriptions = kit, again = false, ffmpegPath, signal, onVoice } = options;
  const known = await namesIn(transcriptions);
  const waiting = voices.filter(({ path }) => again || transcriptionOf(path, known) === undefined);
  if (waiting.length === 0) return;
  // The output may be on another file system, from which nothing is renamed into place.
  await using work = await openWorkFolder(transcriptions);
  for (const [index, { path, userId }] of waiting.entries()) {
    onVoice?.(userId, index + 1, waiting.length);
    const result = join(transcriptions, path.replace(/\.flac$/, ''));
    const voice = { path: join(kit, path), result, workFolder: work.path, ffmpegPath, signal };
    await transcribeVoice(command, voice);
  }
}

/** None where there is no such folder: a transcriber's is made for it. */
async function namesIn(folder: string): Promise<Set<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return new Set();
  }
}

/** The voices with what was made of them. */
export async function readAll(voices: readonly Voice[], folder: string): Promise<TranscribedVoice[]> {
  const names = await namesIn(folder);
  return await Promise.all(
    voices.map(async ({ userId, path, offsetMs, durationMs }) => {
      const file = transcriptionOf(path, names);
      const transcription = file === undefined ? undefined : { file, ...(await readOne(join(folder, file))) };
      return { userId, file: path, offsetMs, durationMs, transcription };
    }),
  );
}

async function readOne(path: string): Promise<Transcription> {
  try {
    return await readTranscriptionFile(path);
  } catch (cause) {
    const message = `${printable(path)} cannot be used: ${printable((cause as Error).message)}`;
    throw transcriptionUnreadable(message, cause);
  }
}

export function noTranscription(
  [voice]: readonly Voice[],
  { kit, transcriptions = kit }: TranscriptOptions,
): ProcessorError {
  const name = voice?.path.replace(/\.flac$/, '');
  return new ProcessorError(
    'ERR_NO_TRANSCRIPTION',
    `none of the voices has a transcription in ${printable(transcriptions)}`,
    {
      hint: `Name it like its voice, ${printable(name ?? '')}.vtt (or .srt, .json), or have them made: --with 'whisper {flac} --output_dir {folder}'`,
    },
  );
}
