import type { Stretch } from './call-measures.ts';

/** `12:04`, `1:02:03`: from the recording's zero. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `at 12:04`, `from 12:04 to 12:06`. */
export const when = ({ fromMs, untilMs }: Stretch): string =>
  untilMs - fromMs < 1500 ? `at ${clock(fromMs)}` : `from ${clock(fromMs)} to ${clock(untilMs)}`;

/** `80 ms`, `3.1 s`, `42 s`, `4:10`. */
export function span(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 99_500 ? `${Math.round(ms / 1000)} s` : clock(ms);
}

/** `1.3 %`, `12 %`. */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** `once`, `twice`, `3 times`. */
export const times = (count: number): string => ['never', 'once', 'twice'][count] ?? `${count} times`;

export const count = (amount: number, one: string): string => `${amount} ${one}${amount === 1 ? '' : 's'}`;
