import type { FactOf } from '@rawreel/jobs';
import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import * as v from 'valibot';
import { callCid, filename, id, link } from '../receive/names.ts';

/** What is listed is held to the same as what is received: both become names in one ledger. */
const schema = v.object({ callCid, session: id, filename, url: link });

/**
 * What a listed recording says, as the fact that a ready event would have been.
 *
 * @returns a text that says what is wrong, where it cannot be one
 */
export function readyFact(
  cid: string,
  { session, filename: name, url, startTime, endTime = startTime, expiresAt }: ListedRecording,
  { nowMs, retentionMs }: { readonly nowMs: number; readonly retentionMs: number },
): FactOf<'ready'> | string {
  const { success, issues } = v.safeParse(schema, { callCid: cid, session, filename: name, url });
  if (!success) {
    const [issue] = issues;
    return printable(`${v.getDotPath(issue)}: ${issue.message}`.slice(0, LONGEST_MESSAGE));
  }
  const endMs = endTime.getTime();
  return {
    kind: 'ready',
    callCid: cid,
    sessionId: session,
    filename: name,
    url,
    startMs: startTime.getTime(),
    endMs,
    expiresAtMs: expiresAt && goneAt(expiresAt.getTime(), endMs + retentionMs, nowMs),
    atMs: nowMs,
    source: { by: 'reconciler' },
  };
}

const LONGEST_MESSAGE = 300;

/**
 * A link that is signed now may outlive its file, which is kept for so long after its end. A file that is listed though that time has
 * passed is kept for longer than was configured: then the link's own time is all that is known.
 */
const goneAt = (linkMs: number, keptMs: number, nowMs: number): number =>
  keptMs > nowMs ? Math.min(linkMs, keptMs) : linkMs;
