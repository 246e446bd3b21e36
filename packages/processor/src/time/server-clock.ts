/** Times that a recording server can have meant: 2015 to 2100. What is outside was never set, or is garbage. */
const EARLIEST_MS = Date.UTC(2015, 0);
const LATEST_MS = Date.UTC(2100, 0);

/** Header, metadata and records of one dump are the server's clock: beyond this, one of them is wrong. */
export const AGREEMENT_MS = 10_000;

export interface DumpTimes {
  /** Start that the rtpdump header names, unix ms. */
  readonly headerStartMs: number;
  /** Offset of the first record from that start. */
  readonly firstOffsetMs: number;
  /** `first_rtp_unix_timestamp` of the metadata. */
  readonly metadataFirstMs?: number | undefined;
  /** A time known to be near: the recording's zero or the call's start. */
  readonly nearMs?: number | undefined;
}

const isPlausible = (unixMs: number): boolean => unixMs >= EARLIEST_MS && unixMs <= LATEST_MS;

/**
 * Unix ms of a dump's offset 0 on the server's clock. The dump's own header decides; the metadata only where the header
 * cannot be true, or lies farther from the rest of the recording than the metadata does.
 */
export function dumpStartMs(times: DumpTimes): number {
  const { headerStartMs, nearMs } = times;
  const byMetadata =
    times.metadataFirstMs === undefined ? undefined : times.metadataFirstMs - times.firstOffsetMs;
  if (byMetadata === undefined) return isPlausible(headerStartMs) ? headerStartMs : (nearMs ?? headerStartMs);
  if (!isPlausible(headerStartMs)) return byMetadata;
  if (Math.abs(headerStartMs - byMetadata) <= AGREEMENT_MS || nearMs === undefined) return headerStartMs;
  return Math.abs(headerStartMs - nearMs) <= Math.abs(byMetadata - nearMs) ? headerStartMs : byMetadata;
}
