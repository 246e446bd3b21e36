/** One block of a RED payload, by offsets into that payload. */
export interface RedBlock {
  readonly payloadType: number;
  /** Ticks before the packet's own timestamp; 0 for the primary block. */
  readonly timestampOffset: number;
  readonly start: number;
  readonly end: number;
}

export interface RedPayload {
  /** What the packet would carry without RED. */
  readonly primary: RedBlock;
  /** Older blocks, oldest first as senders write them. */
  readonly redundant: readonly RedBlock[];
}

/**
 * Redundant audio data (RFC 2198 §3), in WebRTC around video with ULPFEC too. Undefined where it breaks the format.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1|  block PT   |     timestamp offset      |   block length    |  each redundant block
 * |0|  block PT   |                                                  the primary block
 * |  redundant blocks' data ...   |  primary block's data ...
 * ```
 */
export function parseRed(payload: Uint8Array): RedPayload | undefined {
  const heads: { payloadType: number; timestampOffset: number; length: number }[] = [];
  let at = 0;
  while (at + 4 <= payload.length && (payload[at] as number) >= 0x80) {
    const packed =
      ((payload[at + 1] as number) << 16) | ((payload[at + 2] as number) << 8) | (payload[at + 3] as number);
    heads.push({
      payloadType: (payload[at] as number) & 0x7f,
      timestampOffset: packed >> 10,
      length: packed & 0x3ff,
    });
    at += 4;
  }
  const last = payload[at];
  if (last === undefined || last >= 0x80) return undefined;
  at++;
  const redundant: RedBlock[] = [];
  for (const { payloadType, timestampOffset, length } of heads) {
    redundant.push({ payloadType, timestampOffset, start: at, end: at + length });
    at += length;
  }
  if (at > payload.length) return undefined;
  return { primary: { payloadType: last, timestampOffset: 0, start: at, end: payload.length }, redundant };
}
