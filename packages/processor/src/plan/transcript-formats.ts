/** What a transcript of a call is written as: WebVTT with voices, SubRip, for programs, for reading. */
export const TRANSCRIPT_FORMATS = ['vtt', 'srt', 'json', 'txt'] as const;

export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];
