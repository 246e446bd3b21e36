import type { Fact, FactBody, RecordingNames } from '../../src/index.ts';

export const API_KEY = 'key-of-the-app';
export const CALL = 'default:standup';
const WEBHOOK = { by: 'webhook' } as const;

export const EGRESS: RecordingNames = { callCid: CALL, egressId: 'egress-1' };
export const FILE: RecordingNames = { callCid: CALL, sessionId: 'session-1', filename: 'rec_1.zip' };
export const WHOLE: RecordingNames = { ...EGRESS, ...FILE };

/** A fact; `atMs` is when. */
export const fact = (names: RecordingNames, atMs: number, body: FactBody): Fact => ({
  ...names,
  atMs,
  source: WEBHOOK,
  ...body,
});

export const started = (names: RecordingNames = EGRESS, atMs = 1000) =>
  fact(names, atMs, { kind: 'started' });
export const stopped = (names: RecordingNames = EGRESS, atMs = 5000) =>
  fact(names, atMs, { kind: 'stopped' });

/** Ready, recorded from 1.1 s to 4.9 s, heard of at 9 s. */
export const ready = (
  names: RecordingNames = WHOLE,
  more: { url?: string; startMs?: number; endMs?: number; expiresAtMs?: number; sizeBytes?: number } = {},
  atMs = 9000,
) =>
  fact(names, atMs, {
    kind: 'ready',
    url: 'https://recordings.example/rec_1.zip?sig=1',
    startMs: 1100,
    endMs: 4900,
    ...more,
  });

/** A recording of its own: its call, its egress, its file. */
export const namesOf = (index: number): RecordingNames => ({
  callCid: `default:call-${index}`,
  egressId: `egress-${index}`,
  sessionId: `session-${index}`,
  filename: `rec_${index}.zip`,
});
