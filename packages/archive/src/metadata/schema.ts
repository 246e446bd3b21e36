import * as v from 'valibot';

/** A field that nothing depends on: of the wrong type it counts as missing. */
const lenientText = v.optional(v.fallback(v.string(), ''), '');

const segmentList = v.optional(v.unknown());

/** `timing_metadata.json`; fields that are not named here are left out. */
const metadataSchema = v.object({
  call_type: lenientText,
  call_id: lenientText,
  call_session_id: lenientText,
  call_start_time: v.optional(v.unknown()),
  participant_id: v.string(),
  user_session_id: v.string(),
  segments: v.nullish(v.object({ audio: segmentList, video: segmentList })),
});

/** Times are judged one by one, see timing.ts: a wrong one must not cost the segment. */
const time = v.optional(v.unknown());

const segmentSchema = v.object({
  base_filename: v.pipe(v.string(), v.nonEmpty()),
  codec: lenientText,
  track_id: lenientText,
  track_type: lenientText,
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

const dimensionSchema = v.object({
  width: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  height: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
});

export type MetadataFields = v.InferOutput<typeof metadataSchema>;
export type SegmentFields = v.InferOutput<typeof segmentSchema>;

export type Checked<T> = { readonly value: T } | { readonly wrong: string };

export function checkMetadata(json: unknown): Checked<MetadataFields> {
  return check(metadataSchema, json);
}

export function checkSegment(json: unknown): Checked<SegmentFields> {
  return check(segmentSchema, json);
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
  if (issue.received === 'undefined') return { wrong: `${subject} should be there and is missing` };
  return {
    wrong: `${subject} should be ${issue.expected ?? 'different'} and is ${issue.received}`,
  };
}
