import { ProcessorError } from '../processor-error.ts';

/** What a transcriber made is none, or cannot be read. */
export const transcriptionUnreadable = (message: string, cause?: unknown): ProcessorError =>
  new ProcessorError('ERR_TRANSCRIPTION_UNREADABLE', message, {
    hint: 'A transcription is WebVTT, SRT or the JSON of whisper or a transcription service, with times.',
    cause,
  });
