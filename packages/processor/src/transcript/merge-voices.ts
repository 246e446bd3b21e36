import type { DisplayName, Plan } from '../plan/plan.ts';
import type { Transcript, TranscriptParticipant, Utterance } from './transcript.ts';
import type { Transcription } from './transcription.ts';

/** A voice of a kit, and what a transcriber made of it. */
export interface TranscribedVoice {
  readonly userId: string;
  /** Name of its file. */
  readonly file: string;
  /** From the recording's zero to the file's. */
  readonly offsetMs: number;
  readonly durationMs: number;
  /** Absent where nobody has transcribed it. */
  readonly transcription?: (Transcription & { readonly file: string }) | undefined;
}

export interface TranscriptFacts {
  readonly call: Plan['call'];
  /** The recording's zero, RFC 3339. */
  readonly startsAt: string;
  readonly names: Readonly<Record<string, DisplayName>>;
}

/** One transcript of a call: everybody's words on its clock, overlaps as they were. */
export function mergeVoices(
  voices: readonly TranscribedVoice[],
  { call, startsAt, names }: TranscriptFacts,
): Transcript {
  const nameOf = (userId: string) =>
    (Object.hasOwn(names, userId) ? names[userId]?.name : undefined) ?? userId;
  const spoken = voices.map((voice) => ({ voice, utterances: utterancesOf(voice, nameOf(voice.userId)) }));
  return {
    version: 1,
    call,
    startsAt,
    language: commonLanguage(voices),
    participants: spoken.map(
      ({ voice: { userId, file, transcription }, utterances }): TranscriptParticipant => ({
        userId,
        name: nameOf(userId),
        voice: file,
        transcription: transcription?.file,
        format: transcription?.format,
        language: transcription?.language,
        utterances: utterances.length,
      }),
    ),
    utterances: spoken
      .flatMap(({ utterances }) => utterances)
      .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs),
  };
}

/**
 * Recognizers hear windows of half a minute: what they find behind a file's end was never said, and what begins in it ends
 * with it.
 */
function utterancesOf(
  { userId, offsetMs, durationMs, transcription }: TranscribedVoice,
  speaker: string,
): Utterance[] {
  return (transcription?.cues ?? [])
    .filter(({ startMs }) => startMs < durationMs)
    .map(({ startMs, endMs, text }) => ({
      startMs: onCall(startMs + offsetMs),
      endMs: onCall(Math.min(endMs, durationMs) + offsetMs),
      userId,
      speaker,
      text,
    }));
}

const onCall = (ms: number): number => Math.max(0, Math.round(ms));

function commonLanguage(voices: readonly TranscribedVoice[]): string | undefined {
  const languages = new Set(
    voices.flatMap(({ transcription }) =>
      transcription === undefined || transcription.cues.length === 0 ? [] : [transcription.language],
    ),
  );
  return languages.size === 1 ? [...languages][0] : undefined;
}
