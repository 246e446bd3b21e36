import { createHash } from 'node:crypto';
import { formatBytes } from '@rawreel/text';
import { MAX_ID_LENGTH, MAX_JSON_BYTES, MAX_NESTING } from './limits.ts';
import { type RecordingEvent, recordingEvent } from './recording-event.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';

/** An event as it was sent, and what is relied on of it. */
export interface ReceivedEvent {
  /** Whose event it is: two apps can have calls of one name. */
  readonly apiKey: string;
  /**
   * X-WEBHOOK-ID, the same whenever Stream sends it again. Not signed: whoever has one event can send it under any other id, so it
   * says that two events are the same only where `identity` says so too. undefined: it came otherwise than over HTTP.
   */
  readonly webhookId: string | undefined;
  /** X-WEBHOOK-ATTEMPT, from 1. */
  readonly attempt: number;
  readonly type: string;
  /** 43 characters; equal for what is one event, however it came: by two hooks, over HTTP or SQS. */
  readonly identity: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What it says of a raw recording; undefined: it is about something else. */
  readonly recording: RecordingEvent | undefined;
}

export interface Delivery {
  readonly apiKey: string;
  readonly webhookId?: string | undefined;
  readonly attempt?: number | undefined;
}

/** The event in the bytes of a JSON text whose origin is known. Any type is taken: new ones can appear at any time. */
export function readEvent(json: Uint8Array, delivery: Delivery): ReceivedEvent | Refusal {
  if (json.length > MAX_JSON_BYTES) {
    return refuse('json-too-large', `The event is larger than ${formatBytes(MAX_JSON_BYTES)}`);
  }
  const body = parseJson(json);
  if (body === undefined) return refuse('not-json', 'The body is no JSON in UTF-8');
  if (typeof body.value !== 'object' || body.value === null || Array.isArray(body.value)) {
    return refuse('not-an-event', 'The body is JSON, but no object');
  }
  const event = body.value as Record<string, unknown>;
  const { type } = event;
  if (typeof type !== 'string' || type === '' || type.length > MAX_ID_LENGTH || /\p{Cc}|\p{Cs}/u.test(type)) {
    return refuse('not-an-event', 'The body has no "type" that could be one of an event');
  }
  if (isDeeperThan(MAX_NESTING, json)) {
    return refuse('not-an-event', `The event is nested deeper than ${MAX_NESTING} levels`);
  }
  const recording = recordingEvent(type, event);
  if (recording !== undefined && isRefusal(recording)) return recording;
  const { apiKey, webhookId, attempt = 1 } = delivery;
  const identity = identityOf(apiKey, type, recording, json);
  return { apiKey, webhookId, attempt, type, identity, body: event, recording };
}

/** Wrapped, since `null` is JSON as well. */
function parseJson(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return undefined;
  }
}

/**
 * What an event is about, where that is known, so that it is one event whatever else is written in it; else its bytes. Hashed,
 * because the names are long for an index.
 */
function identityOf(
  apiKey: string,
  type: string,
  recording: RecordingEvent | undefined,
  json: Uint8Array,
): string {
  const hash = createHash('sha256').update(JSON.stringify([apiKey, type, namesOf(recording)]));
  if (recording === undefined) hash.update(json);
  return hash.digest('base64url');
}

function namesOf(recording: RecordingEvent | undefined): readonly string[] {
  if (recording === undefined) return [];
  const { callCid } = recording;
  return recording.kind === 'ready'
    ? [callCid, recording.sessionId, recording.filename]
    : [callCid, recording.egressId];
}

/** Of JSON that was parsed, so that brackets pair up. Brackets in strings are text. */
function isDeeperThan(levels: number, json: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += byte === BACKSLASH ? 1 : 0;
    // { [ } ] are 7b 5b 7d 5d: the bit of the case apart, 5b and 5d.
    else if (byte !== undefined && (byte & 0xdf) === 0x5b) depth += 1;
    else if (byte !== undefined && (byte & 0xdf) === 0x5d) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
