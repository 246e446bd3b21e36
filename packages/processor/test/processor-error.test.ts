import type { Recording } from '@rawreel/archive';
import { expect, test } from 'vitest';
import {
  ProcessorError,
  parseManifest,
  planRecording,
  readCommandTemplate,
  readDisplayNames,
  readStreamLayout,
  readTranscription,
} from '../src/index.ts';

const EMPTY: Recording = {
  source: 'call.zip',
  container: { kind: 'zip', byteLength: 0 },
  callType: 'default',
  callId: 'standup',
  callSessionId: 'call',
  sessions: [],
  tracks: [],
  problems: [],
};

test.each<[string, () => unknown, string]>([
  ['no outputs', () => planRecording(EMPTY, { outputs: [] }), 'ERR_NOTHING_TO_EXTRACT'],
  ['nothing to make', () => planRecording(EMPTY, { outputs: ['audio', 'mix'] }), 'ERR_NOTHING_TO_EXTRACT'],
  ['no such track', () => planRecording(EMPTY, { outputs: ['audio'], trackId: 'x' }), 'ERR_NO_SUCH_TRACK'],
  ['a manifest', () => parseManifest('[', 'manifest.json'), 'ERR_MANIFEST_UNREADABLE'],
  ['names as JSON', () => readDisplayNames('{"a"'), 'ERR_NAMES_UNREADABLE'],
  ['names as CSV', () => readDisplayNames('a\nb'), 'ERR_NAMES_UNREADABLE'],
  ['a layout', () => readStreamLayout(['grid']), 'ERR_LAYOUT_UNREADABLE'],
  ['a transcription', () => readTranscription('hello'), 'ERR_TRANSCRIPTION_UNREADABLE'],
  ['a transcription as JSON', () => readTranscription('{'), 'ERR_TRANSCRIPTION_UNREADABLE'],
  ['a command', () => readCommandTemplate('whisper'), 'ERR_TRANSCRIBER_COMMAND'],
])('%s that cannot be used · an error with a code and what to do', (_, work, code) => {
  expect(work).toThrow(ProcessorError);
  // Whole sentences: none that breaks off where a list is empty.
  expect(work).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/^[A-Z].*\w/) }));
  expect(work).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/ {2}/) }));
});
