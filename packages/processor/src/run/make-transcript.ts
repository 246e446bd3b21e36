import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileKey, transcriptFileName } from '../plan/file-names.ts';
import { transcriptSuffix } from '../plan/name-suffix.ts';
import { TRANSCRIPT_FORMATS, type TranscriptFormat } from '../plan/transcript-formats.ts';
import { mergeIntoManifest, readManifest } from '../report/manifest.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';
import type { ReportedTranscript } from '../report/report.ts';
import { mergeVoices, type TranscribedVoice } from '../transcript/merge-voices.ts';
import { searchUtterances } from '../transcript/search.ts';
import type { Transcript, TranscriptParticipant, Utterance } from '../transcript/transcript.ts';
import { textOfTranscript } from '../transcript/write/text-of-transcript.ts';
import { isFinished } from './finished-outputs.ts';
import { foreignFile } from './foreign-files.ts';
import { defaultMaker } from './made-by.ts';
import { noteMade } from './made-notes.ts';
import { type Voice, voicesOf } from './read-kit.ts';
import { noTranscription, readAll, transcribe } from './transcribed-voices.ts';
import type { TranscriptOptions } from './transcript-options.ts';
import { openWorkFolder } from './work-folder.ts';

export interface MadeTranscript {
  readonly files: readonly ReportedTranscript[];
  /** Paths of those that an earlier run had made already. */
  readonly alreadyMade: readonly string[];
  readonly participants: readonly TranscriptParticipant[];
  /** Of one that was searched: where all of the words stand. */
  readonly found?: readonly Utterance[] | undefined;
  /** Cues without words, without times that can be, or behind a voice's end. */
  readonly leftOut: number;
}

type Voices = readonly [Voice, ...Voice[]];

/**
 * Makes one transcript of a call of what transcribers have made of a kit's voices, in every format.
 *
 * @throws {ProcessorError} ERR_NO_KIT, ERR_NO_TRANSCRIPTION, ERR_TRANSCRIPTION_UNREADABLE, ERR_TRANSCRIBER_FAILED, ERR_OUTPUT_EXISTS; as
 * runPlan does for its folder and manifest; the signal's reason
 */
export async function makeTranscript(options: TranscriptOptions): Promise<MadeTranscript> {
  const { kit, output = kit, names = {}, search, madeBy = defaultMaker(), signal } = options;
  const voices = await voicesOf(kit);
  const [{ call, recordingStartsAt }] = voices;
  await using work = await openWorkFolder(output);
  const known = new Map((await readManifest(output)).map((entry) => [fileKey(entry.path), entry]));
  const planned = filesOf(options, voices);
  if (options.overwrite === false) checkForeign(planned, known, output, voices);
  if (options.command !== undefined) await transcribe(voices, options.command, options);
  const transcribed = await readAll(voices, options.transcriptions ?? kit);
  signal?.throwIfAborted();
  if (transcribed.every(({ transcription }) => transcription === undefined))
    throw noTranscription(voices, options);
  const transcript = mergeVoices(transcribed, { call, startsAt: recordingStartsAt, names });
  const entries: ManifestFile[] = [];
  const alreadyMade: string[] = [];
  for (const [number, { path, format }] of planned.entries()) {
    const bytes = Buffer.from(textOfTranscript(transcript, format));
    const entry = entryOf({ path, format, bytes, transcript, voices }, madeBy);
    entries.push(entry);
    const before = known.get(fileKey(path));
    if (options.resume === 'keep' && before && isFinished(before, 'transcript', entry.fingerprint, output)) {
      alreadyMade.push(path);
      continue;
    }
    await writeFile(join(work.path, path), bytes);
    await noteMade(work.path, number, entry);
    await rename(join(work.path, path), join(output, path));
  }
  const made = entries.filter(({ path }) => !alreadyMade.includes(path));
  if (made.length > 0) await mergeIntoManifest(output, work.path, made);
  return {
    files: entries.map(reported),
    alreadyMade,
    participants: transcript.participants,
    found: search === undefined ? undefined : searchUtterances(transcript.utterances, search),
    leftOut: transcribed.reduce((sum, voice) => sum + told(voice), -transcript.utterances.length),
  };
}

interface PlannedTranscript {
  readonly path: string;
  readonly format: TranscriptFormat;
}

/** Of results that lie elsewhere, the name says where: two transcribers are compared so. */
function filesOf(
  { kit, transcriptions = kit, names = {} }: TranscriptOptions,
  [voice]: Voices,
): PlannedTranscript[] {
  const { call, recordingStartsAt } = voice;
  const results = resolve(transcriptions) === resolve(kit) ? undefined : basename(resolve(transcriptions));
  const suffix = transcriptSuffix(results, names);
  const timestampMs = call.startMs ?? Date.parse(recordingStartsAt);
  return TRANSCRIPT_FORMATS.map((format) => ({
    path: transcriptFileName(call, format, timestampMs, suffix),
    format,
  }));
}

/** @throws {ProcessorError} ERR_OUTPUT_EXISTS, before a transcriber has run */
function checkForeign(
  planned: readonly PlannedTranscript[],
  known: ReadonlyMap<string, ManifestFile>,
  folder: string,
  [{ call, recordingStartsAt }]: Voices,
): void {
  const own = { call, zeroUnixMs: Date.parse(recordingStartsAt) };
  const toDo = () => 'Move it away, choose another --output, or replace it with --overwrite.';
  for (const { path } of planned) {
    const error = foreignFile(path, folder, known, own, toDo);
    if (error !== undefined) throw error;
  }
}

function entryOf(
  {
    path,
    format,
    bytes,
    transcript,
    voices,
  }: PlannedTranscript & {
    readonly bytes: Buffer;
    readonly transcript: Transcript;
    readonly voices: Voices;
  },
  madeBy: string,
): ReportedTranscript & ManifestFile & { readonly fingerprint: string } {
  const [{ source, call, recordingStartsAt }] = voices;
  const digest = (...parts: (Buffer | string)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
  return {
    kind: 'transcript',
    path,
    startsAt: recordingStartsAt,
    offsetMs: 0,
    durationMs: Math.max(...voices.map(({ offsetMs, durationMs }) => offsetMs + durationMs)),
    byteLength: bytes.length,
    sha256: digest(bytes),
    format,
    ...(transcript.language === undefined ? {} : { language: transcript.language }),
    speakers: transcript.participants.filter(({ utterances }) => utterances > 0).length,
    utterances: transcript.utterances.length,
    tracks: voices.flatMap(({ tracks }) => tracks),
    source,
    call,
    recordingStartsAt,
    madeBy,
    // All that it was made of and how is in its words.
    fingerprint: digest(madeBy, '\n', bytes),
    problems: [],
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
    fingerprint: _fingerprint,
    problems: _,
    ...file
  } = entry;
  return file as ReportedTranscript;
}
