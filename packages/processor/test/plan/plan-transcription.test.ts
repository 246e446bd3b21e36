import type { Track } from '@rawreel/archive';
import { expect, test } from 'vitest';
import { planTranscription } from '../../src/plan/plan-transcription.ts';

const track = (userId: string, more: Partial<Track> = {}): Track => ({
  callType: 'default',
  callId: 'standup',
  callSessionId: 'run-1',
  userId,
  sessionId: `session of ${userId}`,
  trackId: 't-1',
  trackType: 'TRACK_TYPE_AUDIO',
  kind: 'audio',
  screenshare: false,
  codec: 'audio/opus',
  segments: [],
  ...more,
});

/** Plans all tracks, or those of the numbers given. */
function planned(tracks: readonly Track[], chosen: readonly number[] = [...tracks.keys()]) {
  const recording = { callType: 'default', callId: 'standup', tracks };
  return planTranscription(
    recording,
    [...tracks.entries()]
      .filter(([number]) => chosen.includes(number))
      .map(([number, each]) => ({ number, ...each })),
    { timestampMs: 17, recordedMs: 0 },
  );
}

const CALL = [
  track('alice'),
  track('alice', { kind: 'video', trackType: 'TRACK_TYPE_VIDEO' }),
  track('bob'),
  track('bob', { screenshare: true, trackType: 'TRACK_TYPE_SCREEN_SHARE_AUDIO' }),
  track('alice', { sessionId: 'another' }),
];

test('a voice for each user of all microphones, and turns of all in three forms', () => {
  expect(planned(CALL)).toEqual([
    { kind: 'voice', file: 'voice_default_standup_alice_17.flac', tracks: [0, 4] },
    { kind: 'voice', file: 'voice_default_standup_bob_17.flac', tracks: [2] },
    { kind: 'turns', file: 'turns_default_standup_17.json', format: 'json', tracks: [0, 2, 4] },
    { kind: 'turns', file: 'turns_default_standup_17.rttm', format: 'rttm', tracks: [0, 2, 4] },
    { kind: 'turns', file: 'turns_default_standup_17.vtt', format: 'vtt', tracks: [0, 2, 4] },
  ]);
});

test('of what was chosen only, and nothing where no microphone is', () => {
  expect(planned(CALL, [4]).map(({ kind, tracks }) => [kind, tracks])).toEqual([
    ['voice', [4]],
    ['turns', [4]],
    ['turns', [4]],
    ['turns', [4]],
  ]);
  expect(planned(CALL, [1, 3])).toEqual([]);
});

test('users that a file system could take for one keep names of their own, whoever is chosen', () => {
  const call = ['Zoë', 'ZOË', 'zoe\u0308', 'bob'].map((userId) => track(userId));
  const names = planned(call).flatMap(({ kind, file }) => (kind === 'voice' ? [file] : []));
  expect(new Set(names.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(4);
  expect(names.map((name) => name.includes('~'))).toEqual([true, true, true, false]);
  expect(planned(call, [1])[0]?.file).toBe(names[1]);
});

test('names are safe, and none is over 255 bytes', () => {
  const ids = ['team/carol', 'x'.repeat(300), `${'x'.repeat(300)}y`];
  const names = planned(ids.map((id) => track(id))).map(({ file }) => file);
  expect(names[0]).toBe('voice_default_standup_team%2Fcarol_17.flac');
  expect(new Set(names).size).toBe(6);
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});
