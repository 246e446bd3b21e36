import { jsonText } from '@rawreel/text';
import type { Plan } from '../plan/plan.ts';
import { tenths } from '../tenths.ts';
import type { SpeakerTrack, SpeakerTurns } from './speaker-turns.ts';
import type { Turn } from './turn-builder.ts';

/** Who spoke when, for programs. */
export interface SpeechDocument {
  readonly version: 1;
  readonly call: Plan['call'];
  /** The zero that turns and sound files count from, RFC 3339. */
  readonly startsAt: string;
  readonly participants: readonly SpeechParticipant[];
}

export interface SpeechParticipant {
  readonly userId: string;
  readonly file?: string | undefined;
  readonly tracks: readonly SpeakerTrack[];
  /** In order and apart, ms in tenths. */
  readonly turns: readonly Turn[];
}

export function speechDocument(
  call: Plan['call'],
  zeroUnixMs: number,
  speakers: readonly SpeakerTurns[],
): SpeechDocument {
  return {
    version: 1,
    call,
    startsAt: new Date(zeroUnixMs).toISOString(),
    participants: speakers.map(({ userId, file, tracks, turns }) => ({
      userId,
      file,
      tracks,
      turns: turns.map(({ startMs, endMs }) => ({ startMs: tenths(startMs), endMs: tenths(endMs) })),
    })),
  };
}

export const writeSpeechJson = (document: SpeechDocument): string => jsonText(document);
