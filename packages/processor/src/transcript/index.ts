export { mergeVoices, type TranscribedVoice } from './merge-voices.ts';
export { MOST_TRANSCRIPTION_BYTES, readTranscription } from './read-transcription.ts';
export { searchUtterances } from './search.ts';
export { readCommandTemplate } from './transcriber/command-line.ts';
export type { Transcript, TranscriptParticipant, Utterance } from './transcript.ts';
export type { Cue, Transcription } from './transcription.ts';
export { textOfTranscript } from './write/text-of-transcript.ts';
