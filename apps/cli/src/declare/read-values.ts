import { COMPOSITE_SIDE } from '@rawreel/processor/choices';
import { UsageError } from '../failure/errors.ts';

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};

/** @throws UsageError as every function here, with the flag and a value as it should be */
export function readBytes(text: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text);
  const bytes = Math.floor(Number(match?.[1]) * (BYTE_UNITS[match?.[2]?.toUpperCase() ?? ''] ?? Number.NaN));
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UsageError(`${flag} takes a size such as 500M or 2G, not "${text}"`);
}

interface Bounds {
  readonly example: string;
  readonly from?: number;
  readonly to?: number;
  readonly unit?: string;
}

export function readWhole(text: string, flag: string, bounds: Bounds): number {
  const { from = 1, to = Number.MAX_SAFE_INTEGER } = bounds;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw outOf(bounds, 'a whole number', text, flag);
}

export function readDecimal(
  text: string,
  flag: string,
  bounds: Bounds & { from: number; to: number },
): number {
  const value = Number(text);
  if (/^-?\d+(\.\d+)?$/.test(text) && value >= bounds.from && value <= bounds.to) return value;
  throw outOf(bounds, 'a number', text, flag);
}

function outOf(
  { from = 1, to, unit, example }: Bounds,
  what: string,
  text: string,
  flag: string,
): UsageError {
  const range = to === undefined ? `of at least ${from}` : `from ${from} to ${to}`;
  return new UsageError(`${flag} takes ${unit ?? what} ${range}, such as ${example}, not "${text}"`);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The longest that a timer of Node waits: behind it, it does not wait at all. */
const LONGEST_MS = 2 ** 31 - 1;

/** A number and what it counts: milliseconds, seconds, minutes, hours, days. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** In milliseconds. */
export function readDuration(text: string, flag: string): number {
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms >= 1 && ms <= LONGEST_MS) return ms;
  throw new UsageError(`${flag} takes a duration such as 90s, 15m or 2h, up to 24d, not "${text}"`);
}

/** RFC 3339 with a zone, as everything here prints times: a date alone would be midnight of another zone for half the world. */
export function readTime(text: string, flag: string): Date {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = isWhole ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time);
  throw new UsageError(`${flag} takes a time such as 2026-11-20T09:30:00Z, not "${text}"`);
}

/** `1280x720` */
export function readPictureSize(text: string, flag: string): { width: number; height: number } {
  const [, width, height] = /^(\d{2,5})[x×](\d{2,5})$/i.exec(text) ?? [];
  const size = { width: Number(width), height: Number(height) };
  const { least, most } = COMPOSITE_SIDE;
  const isRight = (side: number) => side % 2 === 0 && side >= least && side <= most;
  if (isRight(size.width) && isRight(size.height)) return size;
  throw new UsageError(
    `${flag} takes width and height such as 1280x720, even numbers from ${least} to ${most}, not "${text}"`,
  );
}

/** `#1e90ff`, `#fff`, or without the mark, which shells take for a comment; as `#rrggbb`. */
export function readColour(text: string, flag: string): string {
  const [, digits] = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text) ?? [];
  if (digits === undefined) throw noColour(text, flag, '');
  return `#${digits.length === 6 ? digits : digits.replaceAll(/./g, '$&$&')}`;
}

/** The same; false for `none`. */
export function readColourOrNone(text: string, flag: string): string | false {
  if (text === 'none') return false;
  try {
    return readColour(text, flag);
  } catch {
    throw noColour(text, flag, ', or none');
  }
}

const noColour = (text: string, flag: string, orElse: string): UsageError =>
  new UsageError(`${flag} takes a colour such as 3ea6ff${orElse}, not "${text}"`);

/** A position in a recording, `90s`, `15m` or `1:02:03.5`, in milliseconds from its beginning. */
export function readPosition(text: string, flag: string): number {
  const [, hours = '0', minutes, seconds] = /^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$/.exec(text) ?? [];
  if (minutes !== undefined) return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms >= 0) return ms;
  throw new UsageError(`${flag} takes a position such as 90s, 15m or 1:02:03, not "${text}"`);
}

/** Ids between commas. */
export function readUserList(text: string, flag: string): readonly string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length > 0) return ids;
  throw new UsageError(`${flag} takes user ids such as alice,bob, not "${text}"`);
}

/** A language as BCP 47 has it, `en` or `pt-BR`. */
export function readLanguage(text: string, flag: string): string {
  if (/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(text)) return text;
  throw new UsageError(`${flag} takes a language such as en or pt-BR, not "${text}"`);
}
