import type { Plan } from '../plan/plan.ts';
import type { SpeakerTurns } from './speaker-turns.ts';
import type { Evidence } from './speech-detector.ts';
import type { Turn } from './turn-builder.ts';

/** Who spoke when, for programs. */
export interface SpeechDocument {
  readonly version: 1;
  readonly call: Plan['call'];
  /** The recording's zero, RFC 3339: turns and sound files count from it. */
  readonly recordingStartsAt: string;
  readonly participants: readonly SpeechParticipant[];
}

/** One audio track: a participant who shares a screen with sound has two. */
export interface SpeechParticipant {
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: string;
  readonly file?: string;
  readonly evidence: Evidence;
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
    recordingStartsAt: new Date(zeroUnixMs).toISOString(),
    participants: speakers.map(({ userId, sessionId, trackId, trackType, file, evidence, turns }) => ({
      userId,
      sessionId,
      trackId,
      trackType,
      ...(file === undefined ? {} : { file }),
      evidence,
      turns: turns.map(({ startMs, endMs }) => ({ startMs: tenths(startMs), endMs: tenths(endMs) })),
    })),
  };
}

export const writeSpeechJson = (document: SpeechDocument): string => `${JSON.stringify(document, null, 2)}\n`;

const tenths = (ms: number): number => Math.round(ms * 10) / 10;
