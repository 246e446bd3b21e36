import type { Evidence } from './speech-detector.ts';
import type { Turn } from './turn-builder.ts';

/** One of a speaker's tracks, and what its turns were told by. */
export interface SpeakerTrack {
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: string;
  readonly evidence: Evidence;
}

/** When one participant spoke, ms since the zero. */
export interface SpeakerTurns {
  readonly userId: string;
  /** Name of the participant's sound file, whose zero is that of the turns. */
  readonly file?: string | undefined;
  readonly tracks: readonly SpeakerTrack[];
  /** In order and apart. */
  readonly turns: readonly Turn[];
}

export interface SpokenTurn extends Turn {
  readonly userId: string;
}

/** All turns of a call in the order of time; those of different people may overlap. */
export function turnsInOrder(speakers: readonly SpeakerTurns[]): SpokenTurn[] {
  return speakers
    .flatMap(({ userId, turns }) => turns.map((turn) => ({ ...turn, userId })))
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}
