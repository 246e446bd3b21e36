/** Ends of a transcription's name, in the order in which they tell most. */
const EXTENSIONS = ['json', 'vtt', 'srt'] as const;

/** What programs have given to a transcriber. */
const HEARD = ['', '.flac', '.wav'] as const;

/**
 * The transcription of a voice among the files of a folder: named like the voice, `voice_….vtt`, or after what was heard,
 * `voice_….flac.vtt`.
 */
export function transcriptionOf(voice: string, names: ReadonlySet<string>): string | undefined {
  const base = voice.replace(/\.flac$/, '');
  const candidates = EXTENSIONS.flatMap((extension) => HEARD.map((heard) => `${base}${heard}.${extension}`));
  return candidates.find((name) => names.has(name));
}
