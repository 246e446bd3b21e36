/** What was said from one moment to another, in ms since the beginning of the file that was heard. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** One line or several; plain text. */
  readonly text: string;
  /** Where the file says whose words they are. */
  readonly speaker?: string | undefined;
}

/** What a transcriber made of one file. */
export interface Transcription {
  /** The format's name: a row of `JSON_FORMATS`, `webvtt` or `srt`. */
  readonly format: string;
  /** As the transcriber spells it, `en` or `en-US`. */
  readonly language?: string | undefined;
  /** In the order of time. */
  readonly cues: readonly Cue[];
  /** Cues that were left out: without words, or without times that can be. */
  readonly leftOut: number;
}
