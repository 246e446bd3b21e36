/** A larger step is none: the numbers, or the source, began anew (RFC 3550 appendix A.1). */
export const MAX_DROPOUT = 3000;

/** Signed distance between 16-bit sequence numbers, the shorter way around; half way counts as behind. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Signed distance between 32-bit timestamps, the shorter way around; half way counts as behind. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** The number nearest to `near` that is `wire` modulo 2^16. `near` is any safe integer, unwrapped already. */
export function unwrapSequence(near: number, wire: number): number {
  return near + sequenceDistance(near, wire);
}

/** The number nearest to `near` that is `wire` modulo 2^32. `near` is any safe integer, unwrapped already. */
export function unwrapTimestamp(near: number, wire: number): number {
  return near + timestampDistance(near, wire);
}
