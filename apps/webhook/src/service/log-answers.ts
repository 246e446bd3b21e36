import { linkExpiry } from '@rawreel/text';
import type { Answer, OnAnswer } from '../http/answers.ts';
import type { RecordingEvent } from '../receive/recording-event.ts';
import type { Log } from './log.ts';
import { shownDay, shownDuration } from './shown-times.ts';

/** Strangers cannot fill a log: refusals of one kind are logged once in this time. */
const ONCE_IN_MS = 60_000;

type Refused = Pick<Answer, 'status' | 'code'>;

/**
 * Logs the events of recordings, and what was refused.
 *
 * @param done what is done to what is refused, in words
 */
export function logAnswers(
  log: Log,
  now: () => number = Date.now,
  done = ({ status, code }: Refused): string => `answered ${status} ${code}`,
): OnAnswer {
  const logged = new Map<string, { atMs: number; since: number }>();
  return (answer) => {
    const { status, code, event } = answer;
    if (status === 200) {
      if (code === 'taken' && event?.recording)
        log({
          level: 'info',
          callCid: event.recording.callCid,
          text: newsOf(event.recording),
          fields: { event: event.type, webhookId: event.webhookId, egressId: event.recording.egressId },
        });
      return;
    }
    const last = logged.get(code) ?? { atMs: Number.NEGATIVE_INFINITY, since: 0 };
    if (now() - last.atMs < ONCE_IN_MS) {
      last.since += 1;
      return;
    }
    logged.set(code, { atMs: now(), since: 0 });
    log({ level: status >= 500 ? 'error' : 'warn', ...refusalOf(answer, done(answer), last.since) });
  };
}

function newsOf(recording: RecordingEvent): string {
  switch (recording.kind) {
    case 'started':
      return 'recording started';
    case 'stopped':
      return 'stopped, waiting for the archive';
    case 'recording-failed':
      return 'Stream reports that the recording failed';
    case 'ready': {
      const expiry = linkExpiry(recording.url);
      const lasts = shownDuration(recording.endMs - recording.startMs);
      return `ready (${lasts})${expiry ? `, expires ${shownDay(expiry)}` : ''}`;
    }
    default:
      return recording satisfies never;
  }
}

function refusalOf({ status, code, message = code, cause }: Answer, done: string, unlogged: number) {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  const more = unlogged > 0 ? ` (${unlogged} more of these since the last time)` : '';
  return { text: `${done}: ${message}${reason}${more}`, fields: { status, code } };
}
