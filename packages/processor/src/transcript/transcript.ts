import type { Plan } from '../plan/plan.ts';

/** Words of one participant, in ms since the recording's zero. */
export interface Utterance {
  readonly startMs: number;
  readonly endMs: number;
  readonly userId: string;
  /** Their display name, or their id. */
  readonly speaker: string;
  readonly text: string;
}

export interface TranscriptParticipant {
  readonly userId: string;
  readonly name: string;
  /** Their voice in the kit. */
  readonly voice: string;
  /** What was made of it; absent where there is nothing. */
  readonly transcription?: string | undefined;
  /** The format's name. */
  readonly format?: string | undefined;
  readonly language?: string | undefined;
  readonly utterances: number;
}

/** What was said in a call, for programs. */
export interface Transcript {
  readonly version: 1;
  readonly call: Plan['call'];
  /** The recording's zero, which times count from, RFC 3339. */
  readonly startsAt: string;
  /** Where everybody's is the same. */
  readonly language?: string | undefined;
  readonly participants: readonly TranscriptParticipant[];
  /** In the order in which they begin; those of different people may overlap. */
  readonly utterances: readonly Utterance[];
}
