import type { SourceId, Span } from '../../plan/scene-list.ts';

/** A camera or a screen that is shared. */
export interface CastSource {
  readonly userId: string;
  readonly source: SourceId;
  readonly isShare: boolean;
  /** While pictures come; in order and apart. */
  readonly on: readonly Span[];
}

export interface CastMember {
  readonly userId: string;
  /** In order and apart. */
  readonly present: readonly Span[];
  /** Turns of speech, in order and apart. */
  readonly turns: readonly Span[];
}

/** Who was there, who spoke, and what of them can be seen: all that scenes are made from. */
export interface Cast {
  readonly durationMs: number;
  /** In the order in which they came. */
  readonly members: readonly CastMember[];
  readonly sources: readonly CastSource[];
}
