/** RTCP packet types (RFC 3550 §12.1). */
const SDES = 202;
const BYE = 203;
/** Reports, feedback, extended reports: times, counts, and what senders are asked for. */
const KEPT: ReadonlySet<number> = new Set([200, 201, 205, 206, 207]);

/**
 * Overwrites in place what names somebody in an RTCP compound (RFC 3550 §6.1): descriptions, reasons for leaving, what applications
 * send, and what has a type of its own, which may be anything, media too. Reports and feedback stay.
 */
export function blankRtcp(bytes: Uint8Array): void {
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = Math.min(bytes.length, at + 4 * ((((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) + 1));
    const type = bytes[at + 1] ?? 0;
    const sources = (bytes[at] ?? 0) & 0x1f;
    if (type === SDES) blankDescriptions(bytes.subarray(at + 4, end), sources);
    else if (type === BYE) bytes.fill(0, Math.min(end, at + 4 + 4 * sources + 1), end);
    else if (!KEPT.has(type)) bytes.fill(0, Math.min(end, at + 8), end);
    at = end;
  }
}

/** Texts of items become `x` (RFC 3550 §6.5); chunks begin on 32-bit words. */
function blankDescriptions(chunks: Uint8Array, sources: number): void {
  let at = 0;
  for (let source = 0; source < sources && at + 4 < chunks.length; source++) {
    at += 4;
    while (at < chunks.length && chunks[at] !== 0) {
      const length = chunks[at + 1] ?? 0;
      chunks.fill(0x78, Math.min(chunks.length, at + 2), Math.min(chunks.length, at + 2 + length));
      at += 2 + length;
    }
    at = (at + 4) & ~3;
  }
}
