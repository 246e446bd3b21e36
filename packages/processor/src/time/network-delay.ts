import { median } from './robust-line.ts';
import { JITTER_MS, MOST_DELAY_MS } from './scales.ts';

/**
 * Half of what a participant seems to be delayed beyond the usual: delays and clocks that are set by NTP differ by about as
 * much, so half of the difference is the most probable delay, and a clock that only happens to look right does half the
 * harm.
 */
const SHARE = 0.5;

/**
 * How much more than usual the network delays each session's least delayed packet, as far as can be told: by a participant's
 * clock that agrees with the server's but for what a network's delay may be. Zero for all others.
 *
 * @param behindMs Of each session, how far its packets arrive behind what its participant's clock says.
 */
export function excessDelays(behindMs: readonly (number | undefined)[]): number[] {
  const plausible = (ms: number | undefined): ms is number =>
    ms !== undefined && ms >= -JITTER_MS && ms <= MOST_DELAY_MS;
  const usual = median(behindMs.filter(plausible));
  return behindMs.map((ms) => (plausible(ms) ? SHARE * (ms - usual) : 0));
}
