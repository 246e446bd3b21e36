import { createHmac } from 'node:crypto';

export const KEY = 'w2k9fx7qm3ab';
export const SECRET = 'rp7vd5mq8s2kzgx4';

type Fields = Readonly<Record<string, unknown>>;

/** Event bodies as Stream's OpenAPI description has them (invented values). */
export const EGRESS_ID = '7c1d3a52-0b65-4b9f-9f0e-58b1f7ad2c11';
export const SESSION_ID = '36be5ea6-b09f-41ae-a142-c7d8a69d9934';
export const FILENAME = 'rec_default_standup_raw_1795736010199.zip';

export const lifeEvent = (what: 'started' | 'stopped' | 'failed', fields: Fields = {}): Fields => ({
  type: `call.recording_${what}`,
  created_at: '2026-11-26T23:33:30.123456789Z',
  call_cid: 'default:standup',
  egress_id: EGRESS_ID,
  recording_type: 'raw',
  ...fields,
});

export const readyEvent = (fields: Fields = {}, recording: Fields = {}): Fields => ({
  type: 'call.recording_ready',
  created_at: '2026-11-26T23:40:00Z',
  call_cid: 'default:standup',
  egress_id: EGRESS_ID,
  recording_type: 'raw',
  call_recording: {
    filename: FILENAME,
    url: 'https://recordings.example/rec.zip?Expires=1796945610',
    start_time: '2026-11-26T23:33:30Z',
    end_time: '2026-11-26T23:34:30.5Z',
    session_id: SESSION_ID,
    recording_type: 'raw',
    ...recording,
  },
  ...fields,
});

export const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export const sign = (json: Uint8Array | string, secret: string = SECRET): string =>
  createHmac('sha256', secret).update(json).digest('hex');

export const headersOf = (json: Uint8Array | string, secret: string = SECRET): Record<string, string> => ({
  'content-type': 'application/json',
  'x-api-key': KEY,
  'x-signature': sign(json, secret),
  'x-webhook-id': '0f0c5a44-6b1e-4c55-9a0e-000000000001',
  'x-webhook-attempt': '1',
});
