import * as v from 'valibot';
import { LONGEST_BASE, LONGEST_ID } from '../bounds.ts';

const id = v.pipe(v.string(), v.maxLength(LONGEST_ID));

/** A field that nothing depends on: of the wrong type it counts as missing. */
const lenientText = v.optional(v.fallback(v.string(), ''), '');

/** Of a session, where an overlong text counts as missing, too; see {@link overlongFields}. */
const lenientId = v.optional(v.fallback(id, ''), '');

const segmentList = v.optional(v.unknown());

/** `timing_metadata.json`; fields that are not named here are left out. */
const metadataSchema = v.object({
  call_type: lenientId,
  call_id: lenientId,
  call_session_id: lenientId,
  call_start_time: v.optional(v.unknown()),
  participant_id: id,
  user_session_id: id,
  segments: v.nullish(v.object({ audio: segmentList, video: segmentList })),
});

/** Times are judged one by one, see timing.ts: a wrong one must not cost the segment. */
const time = v.optional(v.unknown());

const segmentSchema = v.object({
  base_filename: v.pipe(v.string(), v.nonEmpty(), v.maxLength(LONGEST_BASE)),
  codec: v.pipe(lenientText, v.maxLength(LONGEST_ID)),
  track_id: v.pipe(lenientText, v.maxLength(LONGEST_ID)),
  track_type: v.pipe(lenientText, v.maxLength(LONGEST_ID)),
  first_rtp_rtp_timestamp: time,
  last_rtp_rtp_timestamp: time,
  first_rtp_unix_timestamp: time,
  last_rtp_unix_timestamp: time,
  first_rtcp_rtp_timestamp: time,
  last_rtcp_rtp_timestamp: time,
  first_rtcp_ntp_timestamp: time,
  last_rtcp_ntp_timestamp: time,
  first_key_frame_offset_ms: time,
  max_frame_dimension: time,
});

const pixels = v.pipe(
  v.unknown(),
  v.transform(plainNumber),
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(65_535),
);
const dimensionSchema = v.object({ width: pixels, height: pixels });

export type MetadataFields = v.InferOutput<typeof metadataSchema>;
export type SegmentFields = v.InferOutput<typeof segmentSchema>;

export type Checked<T> = { readonly value: T } | { readonly wrong: string };

export function checkMetadata(json: unknown): Checked<MetadataFields> {
  // Else its fields would be called missing.
  if (Array.isArray(json)) return { wrong: 'it should be Object and is Array' };
  return check(metadataSchema, json);
}

export function checkSegment(json: unknown): Checked<SegmentFields> {
  return check(segmentSchema, json);
}

/** Fields of a session that are left out because of their length, as a sentence part each. */
export function overlongFields(json: unknown): string[] {
  const fields: Record<string, unknown> = Object(json);
  return ['call_type', 'call_id', 'call_session_id'].flatMap((name) => {
    const value = fields[name];
    if (typeof value !== 'string' || value.length <= LONGEST_ID) return [];
    return `its ${name} is not used: it has ${value.length} characters, more than ${LONGEST_ID}`;
  });
}

/** A number, also where it was written as a text, as JSON writers do with 64 bits; undefined for all else. */
export function plainNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const isNumber =
    typeof value === 'string' && /^\s*[+-]?\d{1,20}(\.\d{0,20})?(e[+-]?\d{1,3})?\s*$/i.test(value);
  return isNumber ? Number(value) : undefined;
}

export function checkDimension(json: unknown): { width: number; height: number } | undefined {
  const result = v.safeParse(dimensionSchema, json);
  return result.success ? result.output : undefined;
}

function check<S extends v.GenericSchema>(schema: S, json: unknown): Checked<v.InferOutput<S>> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return { value: result.output };
  const issue = result.issues[0];
  const place = v.getDotPath(issue);
  const subject = place === null ? 'it' : `"${place}"`;
  if (issue.type === 'max_length') {
    return { wrong: `${subject} has ${issue.received} characters, at most ${issue.requirement} are read` };
  }
  if (issue.received === 'undefined') return { wrong: `${subject} is missing` };
  return {
    wrong: `${subject} should be ${issue.expected ?? 'different'} and is ${issue.received}`,
  };
}
