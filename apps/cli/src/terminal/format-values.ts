/** `0:05`, `42:17`, `1:02:03`; rounded to the second. */
export function clock(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return `${ms < 0 && seconds > 0 ? '-' : ''}${clockOf(seconds, '')}`;
}

/** As {@link clock}, with tenths of a second. */
export function clockTenths(ms: number): string {
  const tenths = Math.round(Math.abs(ms) / 100);
  return `${ms < 0 && tenths > 0 ? '-' : ''}${clockOf(Math.floor(tenths / 10), `.${tenths % 10}`)}`;
}

function clockOf(seconds: number, fraction: string): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = pad(seconds % 60) + fraction;
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** A stretch of time in a sentence: `80 ms`, `3.1 s`, `4:10`. */
export function span(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  return clock(ms);
}

/** `1.3 %`, `0.04 %`, `12 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return 'less than 0.01 %';
  return `${value.toFixed(value < 0.1 ? 2 : value < 9.95 ? 1 : 0)} %`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `20 Nov 2026 09:30:00 UTC`. */
export function dateTime(unixMs: number): string {
  const date = new Date(unixMs);
  if (Number.isNaN(date.getTime())) return 'unknown start';
  const time = date.toISOString().slice(11, 19);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} UTC`;
}

/** `1 file`, `2 files`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
