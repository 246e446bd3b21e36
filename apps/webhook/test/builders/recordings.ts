import type { RecordingWithHistory } from '@rawreel/jobs';

export const LINK = 'https://recordings.example/rec.zip?Expires=4000000000';

/** A recording that is queued. */
export const queued = (fields: Partial<RecordingWithHistory> = {}): RecordingWithHistory => ({
  id: 'r1',
  apiKey: 'rawreel-key',
  callCid: 'default:standup',
  sessionId: 's1',
  filename: 'rec.zip',
  isInferred: false,
  state: 'queued',
  sinceMs: 0,
  attempt: 0,
  link: { url: LINK, startMs: 0, endMs: 1, atMs: 2 },
  facts: [],
  holds: [],
  ...fields,
});
