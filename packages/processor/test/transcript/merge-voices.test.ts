import { expect, test } from 'vitest';
import { mergeVoices, type TranscribedVoice } from '../../src/transcript/merge-voices.ts';
import { readTranscription } from '../../src/transcript/read-transcription.ts';
import type { Cue } from '../../src/transcript/transcription.ts';
import { textOfTranscript } from '../../src/transcript/write/text-of-transcript.ts';

const CALL = { type: 'default', id: 'stand-up', sessionId: 'run-1' };

const voice = (
  userId: string,
  cues: readonly Cue[],
  facts: Partial<TranscribedVoice> = {},
): TranscribedVoice => ({
  userId,
  file: `voice_${userId}.flac`,
  offsetMs: -20,
  durationMs: 60_000,
  transcription: { file: `voice_${userId}.vtt`, format: 'webvtt', language: 'en', cues, leftOut: 0 },
  ...facts,
});

const cue = (startMs: number, endMs: number, text: string): Cue => ({ startMs, endMs, text });

const FACTS = {
  call: CALL,
  startsAt: '2026-11-20T09:30:00.000Z',
  names: { alice: { name: 'Алиса <b>&' } },
};

const VOICES = [
  voice('alice', [cue(1020, 4020, 'Good morning.'), cue(5020, 6020, 'Shall we -->\nbegin?')]),
  voice('bob', [
    cue(3020, 5520, 'Morning!'),
    cue(59_000, 89_000, 'Yes.'),
    cue(61_000, 62_000, 'Thank you for watching.'),
  ]),
  voice('carol', [], { transcription: undefined }),
];

test('everybody’s words lie on the call’s clock in their order, those said at once beside each other', () => {
  const transcript = mergeVoices(VOICES, FACTS);
  expect(
    transcript.utterances.map(({ startMs, endMs, speaker, text }) => [startMs, endMs, speaker, text]),
  ).toEqual([
    [1000, 4000, 'Алиса <b>&', 'Good morning.'],
    [3000, 5500, 'bob', 'Morning!'],
    [5000, 6000, 'Алиса <b>&', 'Shall we -->\nbegin?'],
    // A recognizer's window is longer than the voice, and hears things behind its end.
    [58_980, 59_980, 'bob', 'Yes.'],
  ]);
  expect(transcript.language).toBe('en');
  expect(transcript.participants).toMatchObject([
    { userId: 'alice', name: 'Алиса <b>&', utterances: 2, transcription: 'voice_alice.vtt' },
    { userId: 'bob', name: 'bob', utterances: 2 },
    { userId: 'carol', utterances: 0, transcription: undefined },
  ]);
});

test('a name like a field of every object · is an id like others', () => {
  const { utterances } = mergeVoices([voice('constructor', [cue(20, 120, 'x')])], FACTS);
  expect(utterances[0]?.speaker).toBe('constructor');
});

test('before the recording’s zero nothing is said', () => {
  const { utterances } = mergeVoices([voice('bob', [cue(0, 120, 'x')])], FACTS);
  expect(utterances[0]).toMatchObject({ startMs: 0, endMs: 100 });
});

test('WebVTT · a voice tag for each, which no name and no word can leave; read back it is the same', () => {
  const transcript = mergeVoices(VOICES, FACTS);
  const vtt = textOfTranscript(transcript, 'vtt');
  expect(vtt).toContain('00:00:01.000 --> 00:00:04.000\n<v Алиса &lt;b&gt;&amp;>Good morning.</v>\n');
  expect(readTranscription(vtt).cues).toEqual(
    transcript.utterances.map(({ startMs, endMs, text, speaker }) => ({ startMs, endMs, text, speaker })),
  );
});

test('SRT, JSON and text · say who and when', () => {
  const transcript = mergeVoices(VOICES, FACTS);
  expect(textOfTranscript(transcript, 'srt')).toContain(
    '3\n00:00:05,000 --> 00:00:06,000\nАлиса <b>&: Shall we →\nbegin?\n',
  );
  const json = textOfTranscript(transcript, 'json');
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(transcript)));
  expect(readTranscription(json).cues).toHaveLength(4);
  expect(textOfTranscript(transcript, 'txt')).toBe(
    [
      '[00:00:01] Алиса <b>&: Good morning.\n',
      '[00:00:03] bob: Morning!\n',
      '[00:00:05] Алиса <b>&: Shall we --> begin?\n',
      '[00:00:58] bob: Yes.\n',
    ].join('\n'),
  );
});

test('a moment lasts a millisecond, and nothing in a name moves a terminal', () => {
  const names = { bob: { name: 'Bob\u001b[2J' } };
  const transcript = mergeVoices([voice('bob', [cue(1020, 1020, 'Hm.')])], { ...FACTS, names });
  expect(textOfTranscript(transcript, 'vtt')).toContain('\n00:00:01.000 --> 00:00:01.001\n');
  expect(textOfTranscript(transcript, 'srt')).toContain(
    '\n00:00:01,000 --> 00:00:01,001\nBob\\x1b[2J: Hm.\n',
  );
  expect(textOfTranscript(transcript, 'txt')).toBe('[00:00:01] Bob\\x1b[2J: Hm.\n');
});
