import { AttemptFailure, type RecordingWithHistory } from '@rawreel/jobs';
import { createRecordingControl, type ListedRecording, parseCallRef } from '@rawreel/recording-control';
import { linkExpiry } from '@rawreel/text';
import type { StreamApp } from './stream-app.ts';

/** A link that has less left is not begun with: what is read of a recording is read while it is made, which takes its time. */
const LEAST_LEFT_MS = 30 * 60_000;

export interface LinkOptions {
  readonly apps: readonly StreamApp[];
  readonly signal: AbortSignal;
  /** Told of the entry that a new link was in. */
  readonly onListed?: ((listed: ListedRecording) => void) | undefined;
  readonly now?: (() => number) | undefined;
}

/**
 * The address that a recording can be read at: the link that is known, or a new one of Stream's list where that is over, soon
 * over, or was refused to the attempt before.
 *
 * @throws {AttemptFailure} `expired-link` where no secret is configured to ask for a new one, `gone`
 * @throws {RecordingControlError} where Stream cannot be asked, and the known link is over
 */
export async function currentLink(
  recording: RecordingWithHistory,
  { apps, signal, onListed, now = Date.now }: LinkOptions,
): Promise<string> {
  const { link } = recording;
  if (link === undefined) throw new AttemptFailure('bug', 'no link to its file is known');
  const wasRefused = recording.failure?.kind === 'expired-link';
  const leftMs = (link.expiresAtMs ?? linkExpiry(link.url)?.getTime() ?? Number.POSITIVE_INFINITY) - now();
  if (!wasRefused && leftMs > LEAST_LEFT_MS) return link.url;
  const isUsable = !wasRefused && leftMs > 0;
  const app = apps.find(({ apiKey }) => apiKey === recording.apiKey);
  if (app === undefined || recording.filename === undefined) {
    if (isUsable) return link.url;
    throw new AttemptFailure(
      'expired-link',
      `the link has expired, and a new one cannot be asked for: configure the secret of the app ${recording.apiKey}`,
    );
  }
  try {
    const listed = await listedNow(recording, recording.filename, app, signal);
    onListed?.(listed);
    return listed.url;
  } catch (error) {
    if (isUsable && !signal.aborted) return link.url;
    throw error;
  }
}

async function listedNow(
  { callCid, sessionId }: RecordingWithHistory,
  filename: string,
  { apiKey, secrets: [secret = ''], baseUrl }: StreamApp,
  signal: AbortSignal,
): Promise<ListedRecording> {
  const control = createRecordingControl({ apiKey, secret, baseUrl });
  const listed = await control.list(parseCallRef(callCid), { session: sessionId, signal });
  const found = listed.find((other) => other.filename === filename);
  if (found === undefined)
    throw new AttemptFailure('gone', `Stream does not list ${filename} of ${callCid} any more`);
  return found;
}
