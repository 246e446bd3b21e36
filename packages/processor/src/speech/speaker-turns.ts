import type { Turn } from './turn-builder.ts';
import type { TrackTurns } from './turns-of.ts';

/** The turns of one audio track and whose it is. */
export interface SpeakerTurns extends TrackTurns {
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: string;
  /** Name of the participant's sound file, whose zero is the recording's. */
  readonly file?: string;
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
