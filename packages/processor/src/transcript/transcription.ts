import type { Caption, Captions } from '../plan/plan.ts';

/** What was said, as a transcriber has it. */
export type Cue = Caption;

/** What a transcriber made of one file. */
export interface Transcription extends Captions {
  /** The format's name: a row of `JSON_FORMATS`, `webvtt` or `srt`. */
  readonly format: string;
  /** Cues that were left out: without words, or without times that can be. */
  readonly leftOut: number;
}
