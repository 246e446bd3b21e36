import { open } from 'node:fs/promises';
import { formatBytes } from '@rawreel/text';
import { MOST_TRANSCRIPTION_BYTES, readTranscription } from './read-transcription.ts';
import type { Transcription } from './transcription.ts';
import { transcriptionUnreadable } from './transcription-unreadable.ts';

/** @throws {ProcessorError} as readTranscription does; what the system says */
export async function readTranscriptionFile(path: string): Promise<Transcription> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > MOST_TRANSCRIPTION_BYTES) throw transcriptionUnreadable(`it has ${formatBytes(size)}`);
  return readTranscription(await file.readFile('utf8'));
}
