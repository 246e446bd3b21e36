import type { Check } from './check.ts';

/** Somebody’s time less this machine’s. */
export interface ClockReading {
  readonly of: string;
  readonly offsetMs: number;
}

/** Answers are dated in whole seconds, and take a few to come. */
const NOTHING_MS = 10_000;
/** S3 refuses requests that are signed fifteen minutes ago. */
const TOO_MUCH_MS = 10 * 60_000;

export function checkClock(readings: readonly ClockReading[]): Check {
  const name = 'clock';
  const [furthest] = readings.toSorted((a, b) => Math.abs(b.offsetMs) - Math.abs(a.offsetMs));
  if (furthest === undefined)
    return { name, state: 'warn', found: 'no answer with a time to compare it with' };
  const { of, offsetMs } = furthest;
  const offMs = Math.abs(offsetMs);
  if (offMs < NOTHING_MS) return { name, state: 'ok', found: `in step with ${namesOf(readings)}` };
  return {
    name,
    state: offMs < TOO_MUCH_MS ? 'warn' : 'fail',
    found: `${Math.round(offMs / 1000)} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the clock of ${of}`,
    advice:
      'Set it by NTP. Signatures are valid for minutes only, and with a wrong clock links seem to expire too late or too soon.',
  };
}

const namesOf = (readings: readonly ClockReading[]): string =>
  [...new Set(readings.map(({ of }) => of))].join(' and ');
