import type { RecordingSummary } from '@rawreel/jobs';
import { expect, test } from 'vitest';
import { webhookBody } from '../../src/notify/webhook-body.ts';

const ID = 'f3b9c1f0-0000-4000-8000-000000000001';
const RECORDING: RecordingSummary = {
  id: 'b2a10000-0000-4000-8000-000000000002',
  apiKey: 'key',
  callCid: 'default:standup',
  egressId: 'e1',
  sessionId: 's1',
  filename: 'rec_1.zip',
  isInferred: false,
  state: 'done',
  sinceMs: 1_795_736_040_000,
  attempt: 2,
  beginsMs: 1_795_736_010_199,
  endsMs: 1_795_736_030_000,
  expiresAtMs: 1_796_945_610_000,
  outputs: { destination: '/media/a', files: 1, bytes: 7, manifest: '/media/a/manifest.json' },
};
const notification = (kind: 'done' | 'failed' | 'expiring', more: Partial<RecordingSummary> = {}) => ({
  id: ID,
  kind,
  atMs: 1_795_736_040_000,
  recording: { ...RECORDING, ...more },
});
const bodyOf = (...args: Parameters<typeof webhookBody>) => JSON.parse(webhookBody(...args)) as object;

test('done: names, times, outputs, and the files that the manifest lists', () => {
  const file = {
    path: 'a.mkv',
    kind: 'audio',
    byteLength: 7,
    durationMs: 20_000,
    sha256: '00',
    address: '/media/a/a.mkv',
  } as const;
  expect(bodyOf(notification('done'), { files: [file] })).toEqual({
    type: 'recording.done',
    timestamp: '2026-11-26T23:34:00.000Z',
    data: {
      recordingId: RECORDING.id,
      apiKey: 'key',
      callCid: 'default:standup',
      egressId: 'e1',
      sessionId: 's1',
      filename: 'rec_1.zip',
      state: 'done',
      attempt: 2,
      beginsAt: '2026-11-26T23:33:30.199Z',
      endsAt: '2026-11-26T23:33:50.000Z',
      expiresAt: '2026-12-10T23:33:30.000Z',
      outputs: RECORDING.outputs,
      files: [file],
    },
  });
});

test('failed: why, and what to type to have it tried again; what is not known is left out', () => {
  const failure = { kind: 'damaged', message: 'no archive' } as const;
  const names = { egressId: undefined, beginsMs: undefined, outputs: undefined };
  const body = bodyOf(notification('failed', { state: 'failed', failure, ...names }), undefined);
  expect(body).toMatchObject({
    type: 'recording.failed',
    data: { failure, tryAgain: `rawreel jobs retry ${RECORDING.id}`, state: 'failed' },
  });
  expect(JSON.stringify(body)).not.toMatch(/egressId|beginsAt|outputs|files|null/);
});

test('expiring: up to when there is time', () => {
  expect(bodyOf(notification('expiring', { state: 'queued', outputs: undefined }), undefined)).toMatchObject({
    type: 'recording.expiring',
    data: { state: 'queued', expiresAt: '2026-12-10T23:33:30.000Z' },
  });
});
