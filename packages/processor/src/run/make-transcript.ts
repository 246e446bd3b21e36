import { createHash } from 'node:crypto';
import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { printable } from '@rawreel/text';
import { transcriptFileName } from '../plan/file-names.ts';
import type { DisplayName } from '../plan/plan.ts';
import { TRANSCRIPT_FORMATS } from '../plan/transcript-formats.ts';
import { ProcessorError } from '../processor-error.ts';
import { MANIFEST_NAME, mergeIntoManifest, readManifest } from '../report/manifest.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';
import type { ReportedTranscript, ReportedVoice } from '../report/report.ts';
import { transcriptionOf } from '../transcript/find-transcriptions.ts';
import { mergeVoices, type TranscribedVoice } from '../transcript/merge-voices.ts';
import { readTranscriptionFile } from '../transcript/read-transcription-file.ts';
import { searchUtterances } from '../transcript/search.ts';
import type { CommandTemplate } from '../transcript/transcriber/command-line.ts';
import { transcribeVoice } from '../transcript/transcriber/transcribe-voice.ts';
import type { TranscriptParticipant, Utterance } from '../transcript/transcript.ts';
import type { Transcription } from '../transcript/transcription.ts';
import { transcriptionUnreadable } from '../transcript/transcription-unreadable.ts';
import { textOfTranscript } from '../transcript/write/text-of-transcript.ts';
import { defaultMaker } from './made-by.ts';
import { openWorkFolder } from './work-folder.ts';

export interface TranscriptOptions {
  /** Folder of a transcription kit, with its manifest. */
  readonly kit: string;
  /** Folder of what was made of its voices. Default: the kit's. */
  readonly transcriptions?: string | undefined;
  /** Folder of the transcript. Default: the kit's. */
  readonly output?: string | undefined;
  readonly names?: Readonly<Record<string, DisplayName>> | undefined;
  /** Run for each voice that has no transcription. */
  readonly command?: CommandTemplate | undefined;
  /** Words to be found in it. */
  readonly search?: string | undefined;
  /** Transcribe also what has one. */
  readonly again?: boolean | undefined;
  /** Name and version that the manifest gives as the maker. Default: `rawreel` and this package's version. */
  readonly madeBy?: string | undefined;
  readonly ffmpegPath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before a voice is transcribed. */
  readonly onVoice?: ((userId: string, number: number, total: number) => void) | undefined;
}

export interface MadeTranscript {
  readonly files: readonly ReportedTranscript[];
  readonly participants: readonly TranscriptParticipant[];
  /** Of one that was searched: where all of the words stand. */
  readonly found?: readonly Utterance[] | undefined;
  /** Cues without words, without times that can be, or behind a voice's end. */
  readonly leftOut: number;
}

type Voice = ReportedVoice & ManifestFile;

/**
 * Makes one transcript of a call of what transcribers have made of a kit's voices, in every format.
 *
 * @throws {ProcessorError} ERR_NO_KIT, ERR_NO_TRANSCRIPTION, ERR_TRANSCRIPTION_UNREADABLE, ERR_TRANSCRIBER_FAILED; as
 * runPlan does for its folder and manifest; the signal's reason
 */
export async function makeTranscript(options: TranscriptOptions): Promise<MadeTranscript> {
  const { kit, output = kit, names = {}, search, madeBy = defaultMaker(), signal } = options;
  const voices = await voicesOf(kit);
  const [{ call, recordingStartsAt }] = voices;
  await using work = await openWorkFolder(output);
  if (options.command !== undefined) await transcribe(voices, options.command, options);
  const transcribed = await readAll(voices, options.transcriptions ?? kit);
  signal?.throwIfAborted();
  if (transcribed.every(({ transcription }) => transcription === undefined))
    throw noTranscription(voices, options);
  const transcript = mergeVoices(transcribed, { call, startsAt: recordingStartsAt, names });
  const entries: ManifestFile[] = [];
  for (const format of TRANSCRIPT_FORMATS) {
    const bytes = Buffer.from(textOfTranscript(transcript, format));
    const path = transcriptFileName(call, format, call.startMs ?? Date.parse(recordingStartsAt));
    await writeFile(join(work.path, path), bytes);
    await rename(join(work.path, path), join(output, path));
    entries.push({
      kind: 'transcript',
      path,
      startsAt: recordingStartsAt,
      offsetMs: 0,
      durationMs: Math.max(...voices.map(({ offsetMs, durationMs }) => offsetMs + durationMs)),
      byteLength: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format,
      ...(transcript.language === undefined ? {} : { language: transcript.language }),
      speakers: transcript.participants.filter(({ utterances }) => utterances > 0).length,
      utterances: transcript.utterances.length,
      tracks: voices.flatMap(({ tracks }) => tracks),
      source: voices[0].source,
      call,
      recordingStartsAt,
      madeBy,
      problems: [],
    });
  }
  await mergeIntoManifest(output, work.path, entries);
  return {
    files: entries.map(reported),
    participants: transcript.participants,
    found: search === undefined ? undefined : searchUtterances(transcript.utterances, search),
    leftOut: transcribed.reduce((sum, voice) => sum + told(voice), -transcript.utterances.length),
  };
}

/** All cues that a transcriber wrote. */
const told = ({ transcription }: TranscribedVoice): number =>
  (transcription?.cues.length ?? 0) + (transcription?.leftOut ?? 0);

function reported(entry: ManifestFile): ReportedTranscript {
  const {
    source: _source,
    call: _call,
    recordingStartsAt: _start,
    madeBy: _maker,
    problems: _,
    ...file
  } = entry;
  return file as ReportedTranscript;
}

/** A voice of which all is told that a transcript needs; a name with a folder in it is none of ours. */
function isVoice(file: ManifestFile): file is Voice {
  if (file.kind !== 'voice' || basename(file.path) !== file.path) return false;
  const { userId, offsetMs, durationMs, call, recordingStartsAt } = file;
  return (
    typeof userId === 'string' &&
    Number.isFinite(offsetMs) &&
    Number.isFinite(durationMs) &&
    typeof call?.type === 'string' &&
    typeof call.id === 'string' &&
    Number.isFinite(Date.parse(recordingStartsAt))
  );
}

async function voicesOf(kit: string): Promise<readonly [Voice, ...Voice[]]> {
  const [first, ...others] = (await readManifest(kit)).filter(isVoice);
  const manifest = join(kit, MANIFEST_NAME);
  if (first === undefined)
    throw new ProcessorError(
      'ERR_NO_KIT',
      `${manifest} ${(await isThere(manifest)) ? 'names no voices' : 'is not there'}`,
      {
        hint: 'Make them first: rawreel transcription-kit --input-file call.zip --output kit',
      },
    );
  const stranger = others.find(
    ({ call }) =>
      call.type !== first.call.type || call.id !== first.call.id || call.sessionId !== first.call.sessionId,
  );
  if (stranger === undefined) return [first, ...others];
  throw new ProcessorError('ERR_NO_KIT', `${kit} has voices of several calls`, {
    hint: 'Make a kit of each call in a folder of its own.',
  });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** One voice at a time: a transcriber keeps all processors busy. */
async function transcribe(
  voices: readonly Voice[],
  command: CommandTemplate,
  options: TranscriptOptions,
): Promise<void> {
  const { kit, transcriptions = kit, again = false, ffmpegPath, signal, onVoice } = options;
  const known = new Set(await readdir(transcriptions));
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

async function readAll(voices: readonly Voice[], folder: string): Promise<TranscribedVoice[]> {
  const names = new Set(await readdir(folder));
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

function noTranscription(
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
