import { excerpt } from '../excerpt.ts';
import type { SegmentTiming } from '../recording.ts';
import { checkDimension, plainNumber, type SegmentFields } from './schema.ts';

/** Nothing was recorded before, and nobody reads this after: what lies outside is a clock that was never set. */
const EARLIEST = Date.UTC(2010, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Longer than any call; a wrong clock or a wrong unit is years away. */
const LONGEST_SPAN_MS = 30 * 24 * 3600 * 1000;

/** People may come before a call begins, and clocks of two servers differ; nothing is received an hour before. */
const EARLIEST_BEFORE_CALL_MS = 3600 * 1000;

/** Characters of a value that cannot be a time. */
const LONGEST_TOLD = 40;

const UINT32_MAX = 0xffff_ffff;

/** `call_start_time`, RFC 3339 or unix ms, as unix ms; undefined where it is missing or absurd. */
export function readStartTime(value: unknown): number | undefined {
  const number = plainNumber(value);
  if (number !== undefined) return isUnixMs(number) ? Math.round(number) : undefined;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/.test(value)) return undefined;
  const ms = Date.parse(value);
  return isUnixMs(ms) ? ms : undefined;
}

/**
 * The middle one of all receive times in an archive: what a single wrong one is told by.
 */
export function middleReceiveTime(segments: Iterable<SegmentFields>): number | undefined {
  const times: number[] = [];
  for (const fields of segments) {
    for (const value of [fields.first_rtp_unix_timestamp, fields.last_rtp_unix_timestamp]) {
      const time = unixMsOf(value);
      if (time !== undefined && isUnixMs(time)) times.push(time);
    }
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

/** What the times of an archive are held against. */
export interface KnownTimes {
  /** The middle one of all receive times. */
  readonly middle: number | undefined;
  /** When the call began; where most receive times are before it, it is wrong itself. */
  readonly callStartMs: number | undefined;
}

/**
 * The times of a segment that can be true. What is missing is left out; what is there and cannot be true is left out
 * and named in `unusable`: field and value. Of a pair that contradicts itself neither is believed.
 */
export function readTiming(
  fields: SegmentFields,
  { middle, callStartMs }: KnownTimes,
): { timing: SegmentTiming; unusable: string[] } {
  const unusable: string[] = [];
  const isDuringCall = (value: number): boolean =>
    callStartMs === undefined ||
    middle === undefined ||
    callStartMs > middle ||
    value >= callStartMs - EARLIEST_BEFORE_CALL_MS;
  const receives = (field: keyof SegmentFields): number | undefined => {
    const time = judge(
      fields,
      field,
      unusable,
      (value) => isUnixMs(value) && isNear(value, middle) && isDuringCall(value),
      unixMsOf,
    );
    // The server's clock tells milliseconds; a fraction would come up again in names of files.
    return time === undefined ? undefined : Math.round(time);
  };
  const rtp = (field: keyof SegmentFields): number | undefined =>
    judge(fields, field, unusable, (value) => Number.isInteger(value) && value >= 0 && value <= UINT32_MAX);
  // In reports 0 means that there was none.
  const none = (field: keyof SegmentFields): boolean => plainNumber(fields[field]) === 0;
  const reportRtp = (field: keyof SegmentFields): number | undefined =>
    none(field) ? undefined : rtp(field);
  const reportNtp = (field: keyof SegmentFields): number | undefined =>
    none(field) ? undefined : judge(fields, field, unusable, isUnixMs, unixMsOf);

  const received = ordered(
    receives('first_rtp_unix_timestamp'),
    receives('last_rtp_unix_timestamp'),
    'rtp_unix_timestamp',
    unusable,
  );
  const reported = ordered(
    reportNtp('first_rtcp_ntp_timestamp'),
    reportNtp('last_rtcp_ntp_timestamp'),
    'rtcp_ntp_timestamp',
    unusable,
  );
  const timing: SegmentTiming = {
    firstRtpTimestamp: rtp('first_rtp_rtp_timestamp'),
    lastRtpTimestamp: rtp('last_rtp_rtp_timestamp'),
    firstRtpUnixMs: received.first,
    lastRtpUnixMs: received.last,
    firstReportRtpTimestamp: reportRtp('first_rtcp_rtp_timestamp'),
    lastReportRtpTimestamp: reportRtp('last_rtcp_rtp_timestamp'),
    firstReportNtpMs: reported.first,
    lastReportNtpMs: reported.last,
    firstKeyFrameOffsetMs: judge(
      fields,
      'first_key_frame_offset_ms',
      unusable,
      (value) => value >= 0 && value <= LONGEST_SPAN_MS,
    ),
    maxFrameDimension: checkDimension(fields.max_frame_dimension),
  };
  return { timing, unusable };
}

function judge(
  fields: SegmentFields,
  field: keyof SegmentFields,
  unusable: string[],
  isPlausible: (value: number) => boolean,
  numberOf = plainNumber,
): number | undefined {
  const value = fields[field];
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number !== undefined && isPlausible(number)) return number;
  unusable.push(`${field} ${describe(value)}`);
  return undefined;
}

/** A time of day that says its zone means the same everywhere. */
function unixMsOf(value: unknown): number | undefined {
  const isInstant =
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,20})?([Zz]|[+-]\d{2}:\d{2})$/.test(value);
  return isInstant ? Date.parse(value) : plainNumber(value);
}

/** Lists and objects by their kind only: they can be nested deeper than a call stack is, or be megabytes. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return '(a list)';
  if (typeof value === 'object') return '(an object)';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, LONGEST_TOLD)) : String(value);
  return excerpt(text.slice(0, LONGEST_TOLD));
}

function ordered(
  first: number | undefined,
  last: number | undefined,
  field: string,
  unusable: string[],
): { first: number | undefined; last: number | undefined } {
  if (first === undefined || last === undefined) return { first, last };
  if (last < first) {
    unusable.push(`last_${field} ${last} before first_${field} ${first}`);
    return { first: undefined, last: undefined };
  }
  if (last - first > LONGEST_SPAN_MS) {
    unusable.push(`first_${field} ${first} and last_${field} ${last} more than 30 days apart`);
    return { first: undefined, last: undefined };
  }
  return { first, last };
}

function isUnixMs(value: number): boolean {
  return value >= EARLIEST && value <= LATEST;
}

function isNear(value: number, middle: number | undefined): boolean {
  return middle === undefined || Math.abs(value - middle) <= LONGEST_SPAN_MS;
}

/** Of the times that are known; undefined where none is. */
export const earliest = (times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  // A call takes fewer arguments than an archive may list segments.
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
};

export const latest = (times: readonly (number | undefined)[]): number | undefined => {
  const first = earliest(times.map((time) => (time === undefined ? undefined : -time)));
  return first === undefined ? undefined : -first;
};
