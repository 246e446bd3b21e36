import type { Notification } from '@rawreel/jobs';
import { EVENT_TYPES } from './event-types.ts';
import type { MadeFiles } from './made-files.ts';

/** The body of a webhook. What is not known of a recording is left out. */
export function webhookBody({ kind, atMs, recording }: Notification, made: MadeFiles | undefined): string {
  const { id, apiKey, callCid, egressId, sessionId, filename, state, attempt } = recording;
  const data = {
    recordingId: id,
    apiKey,
    callCid,
    egressId,
    sessionId,
    filename,
    state,
    attempt,
    beginsAt: timeOf(recording.beginsMs),
    endsAt: timeOf(recording.endsMs),
    expiresAt: timeOf(recording.expiresAtMs),
    outputs: recording.outputs,
    ...made,
    failure: recording.failure,
    tryAgain: kind === 'failed' || kind === 'expired' ? `rawreel jobs retry ${id}` : undefined,
  };
  return JSON.stringify({ type: EVENT_TYPES[kind], timestamp: timeOf(atMs), data });
}

const timeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();
