const RFC_3339 = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:)(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Milliseconds since 1970 of a time in an event: RFC 3339 with up to nine decimals, or integer nanoseconds since 1970. What is below
 * a millisecond is cut off. undefined: it is neither.
 */
export function eventTimeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return millisecondsOf(value);
  const [, minute, second, fraction = '', zone] = RFC_3339.exec(typeof value === 'string' ? value : '') ?? [];
  if (minute === undefined || second === undefined || zone === undefined) return undefined;
  // RFC 3339 §5.7 has leap seconds, Date has none.
  const milliseconds = Date.parse(`${minute}${second === '60' ? '59' : second}${fraction}${zone}`);
  return milliseconds >= 0 ? milliseconds : undefined;
}

/** As a double, today's nanoseconds are off by up to 128: rounding to microseconds first keeps 12.000 from becoming 11.999. */
function millisecondsOf(nanoseconds: number): number | undefined {
  if (!Number.isInteger(nanoseconds) || nanoseconds < 0 || nanoseconds > LAST_NANOSECOND) return undefined;
  return Math.floor(Math.round(nanoseconds / 1000) / 1000);
}

/** `Date` ends there. */
const LAST_NANOSECOND = 8.64e21;
