import { UsageError } from '../failure/errors.ts';
import { DURATION, readPosition } from './read-values.ts';

/** When in a recording: a position, in milliseconds from its beginning; a moment; or a time of its day. */
export type Moment =
  | { readonly kind: 'position'; readonly ms: number }
  | { readonly kind: 'moment'; readonly unixMs: number }
  | { readonly kind: 'time-of-day'; readonly msOfDay: number };

const ZONE = '(?:Z|[+-]\\d\\d:\\d\\d)';
const WHOLE = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?${ZONE}$`, 'i');
const OF_DAY = new RegExp(`^T?\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?${ZONE}$`, 'i');

/** A time of day has a zone: without one, `1:02:03` is a position. */
export function readMoment(text: string, flag: string): Moment {
  const unixMs = WHOLE.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(unixMs)) return { kind: 'moment', unixMs };
  const msOfDay = OF_DAY.test(text) ? Date.parse(`1970-01-01T${text.replace(/^t/i, '')}`) : Number.NaN;
  if (!Number.isNaN(msOfDay)) return { kind: 'time-of-day', msOfDay };
  if (DURATION.test(text) || /^[\d:.]+$/.test(text))
    return { kind: 'position', ms: readPosition(text, flag) };
  throw new UsageError(
    `${flag} takes a position such as 90s, 15m or 1:02:03, or a time such as 09:45Z or 2026-11-20T09:45:00+01:00, not "${text}"`,
  );
}

const DAY_MS = 24 * 3_600_000;

/** In milliseconds from the zero; a time of day is the one that is nearest to it. */
export function positionOf(moment: Moment, zeroUnixMs: number): number {
  switch (moment.kind) {
    case 'position':
      return moment.ms;
    case 'moment':
      return moment.unixMs - zeroUnixMs;
    case 'time-of-day': {
      const apartMs = (((moment.msOfDay - zeroUnixMs) % DAY_MS) + DAY_MS) % DAY_MS;
      return apartMs > DAY_MS / 2 ? apartMs - DAY_MS : apartMs;
    }
    default:
      return moment satisfies never;
  }
}
