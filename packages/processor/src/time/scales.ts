/**
 * What clocks, networks and reports do, in the numbers by which this folder measures. A threshold elsewhere is one of these, or
 * follows from them where it stands; what has a name of its own elsewhere only shapes a search or a sum.
 */

/** What jitter leaves of the least delay of a few packets, ms: levels that are nearer to each other may be one. */
export const JITTER_MS = 15;

/**
 * A step that can be seen, with jitter on both of its sides. What is late by more than that is no worse than what is late by it:
 * queues pass.
 */
export const LEAST_STEP_MS = 2 * JITTER_MS;

/** What one report scatters by, ms: times derived from reports jump by a few in real calls. */
export const REPORT_MS = 2;

/** So many packets, reports or pairs that say the same are no chance. */
export const WITNESSES = 5;

/** So many standard deviations are no chance either. */
export const SURE = 4;

/** Nothing came for so long: a clock may have stood, and reports are guesses. Chromium sends a packet every 400 ms of DTX. */
export const SILENCE_MS = 600;

/** No network delays its least delayed packets by more: a clock is wrong. */
export const MOST_DELAY_MS = 200;
