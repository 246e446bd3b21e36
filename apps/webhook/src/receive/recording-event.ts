import { printable } from '@rawreel/text';
import * as v from 'valibot';
import { eventTimeOf } from './event-time.ts';
import { callCid, filename, id, link } from './names.ts';
import { type Refusal, refuse } from './refusal.ts';

/** What an event about a raw recording says of it. */
export type RecordingEvent =
  | {
      readonly kind: 'started' | 'stopped' | 'recording-failed';
      readonly callCid: string;
      readonly egressId: string;
      /** When Stream made the event; undefined: it does not say. */
      readonly createdMs: number | undefined;
    }
  | {
      readonly kind: 'ready';
      readonly callCid: string;
      readonly egressId: string | undefined;
      readonly sessionId: string;
      readonly filename: string;
      readonly url: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly createdMs: number | undefined;
    };

/** Of all events, those that say something of a recording. */
const KINDS = new Map<string, RecordingEvent['kind']>([
  ['call.recording_started', 'started'],
  ['call.recording_stopped', 'stopped'],
  ['call.recording_failed', 'recording-failed'],
  ['call.recording_ready', 'ready'],
]);

/** All types of events that are understood; others are stored. */
export const EVENT_TYPES: ReadonlySet<string> = new Set(KINDS.keys());

const moment = v.pipe(
  v.unknown(),
  v.transform(eventTimeOf),
  v.number('expected an RFC 3339 time or integer nanoseconds'),
);
const common = { call_cid: callCid, created_at: v.nullish(moment) };
const lifeSchema = v.object({ ...common, egress_id: id });
const readySchema = v.object({
  ...common,
  egress_id: v.nullish(id),
  call_recording: v.object({
    filename,
    session_id: id,
    url: link,
    start_time: moment,
    end_time: moment,
  }),
});

/**
 * What the event says of a raw recording; undefined where it is about anything else. Recordings of other types (composite, individual,
 * and what may come) are none of ours, and nothing is asked of their events.
 */
export function recordingEvent(
  type: string,
  body: Readonly<Record<string, unknown>>,
): RecordingEvent | Refusal | undefined {
  const kind = KINDS.get(type);
  if (kind === undefined || recordingType(body) !== 'raw') return undefined;
  if (kind === 'ready') {
    const { success, output, issues } = v.safeParse(readySchema, body);
    if (!success) return badEvent(type, issues[0]);
    const { call_cid, egress_id, created_at, call_recording: recording } = output;
    return {
      kind,
      callCid: call_cid,
      egressId: egress_id ?? undefined,
      sessionId: recording.session_id,
      filename: recording.filename,
      url: recording.url,
      startMs: recording.start_time,
      endMs: recording.end_time,
      createdMs: created_at ?? undefined,
    };
  }
  const { success, output, issues } = v.safeParse(lifeSchema, body);
  if (!success) return badEvent(type, issues[0]);
  const { call_cid, egress_id, created_at } = output;
  return { kind, callCid: call_cid, egressId: egress_id, createdMs: created_at ?? undefined };
}

/** The event's own; a ready event's recording has it as well. */
function recordingType({ recording_type: ofEvent, call_recording: recording }: Record<string, unknown>) {
  return ofEvent ?? (recording as { recording_type?: unknown } | null | undefined)?.recording_type;
}

function badEvent(type: string, issue: v.BaseIssue<unknown>): Refusal {
  const path = v.getDotPath(issue) ?? 'the event';
  // valibot repeats what it received.
  return refuse('bad-event', printable(`${type}: ${path}: ${issue.message}`.slice(0, LONGEST_MESSAGE)));
}

const LONGEST_MESSAGE = 300;
