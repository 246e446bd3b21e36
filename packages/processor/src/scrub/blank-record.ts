import {
  blankPayload,
  CODECS,
  type Codec,
  codecOfMime,
  isRtcp,
  parseRed,
  parseRtpPacket,
  type SessionDescription,
} from '@rawreel/rtp';

/** RTCP packet types (RFC 3550 §12.1). */
const SDES = 202;
const BYE = 203;
/** Reports, feedback, extended reports: times, counts, and what senders are asked for. */
const KEPT: ReadonlySet<number> = new Set([200, 201, 205, 206, 207]);

/** Overwrites what a record of a dump shows or tells of a person, in place. */
export function blankRecord(
  bytes: Uint8Array,
  codec: Codec,
  description: SessionDescription | undefined,
): void {
  const payloadType = (bytes[1] ?? 0) & 0x7f;
  const role = description?.formats.get(payloadType)?.role;
  if (role === undefined && isRtcp(bytes)) {
    blankRtcp(bytes);
    return;
  }
  const packet = parseRtpPacket(bytes);
  if (typeof packet === 'string') bytes.fill(0, Math.min(bytes.length, 12));
  else blank(packet.payload, codecOf(payloadType, codec, description), description, payloadType);
}

/** A sender may change its codec within a dump: the payload type tells, of a retransmission the one that it repeats. */
export function codecOf(
  payloadType: number,
  codec: Codec,
  description: SessionDescription | undefined,
): Codec {
  const format = description?.formats.get(payloadType);
  const { name = '' } = (format?.apt === undefined ? format : description?.formats.get(format.apt)) ?? {};
  return codecOfMime(`${CODECS[codec].kind}/${name}`) ?? codec;
}

function blank(
  payload: Uint8Array,
  codec: Codec,
  description: SessionDescription | undefined,
  payloadType: number,
): void {
  const { role, apt } = description?.formats.get(payloadType) ?? {};
  switch (role) {
    case 'media':
      blankPayload(codec, payload);
      return;
    case 'rtx':
      // The original sequence number (RFC 4588 §4). Chromium repeats RED, too.
      if (description?.formats.get(apt ?? -1)?.role === 'red')
        blankRed(payload.subarray(2), codec, description);
      else blankPayload(codec, payload.subarray(2));
      return;
    case 'red':
      blankRed(payload, codec, description);
      return;
    case 'fec':
    case 'signal':
      payload.fill(0);
      return;
    case undefined:
      // Nobody announced it: RED can be told by its headers.
      if (codec === 'opus' && (parseRed(payload)?.redundant.length ?? 0) > 0)
        blankRed(payload, codec, description);
      else blankPayload(codec, payload);
      return;
    default:
      role satisfies never;
  }
}

function blankRed(payload: Uint8Array, codec: Codec, description: SessionDescription | undefined): void {
  const red = parseRed(payload);
  if (red === undefined) {
    payload.fill(0, Math.min(payload.length, 5));
    return;
  }
  for (const { payloadType, start, end } of [...red.redundant, red.primary]) {
    if (description?.formats.get(payloadType)?.role === 'fec') payload.fill(0, start, end);
    else blankPayload(codec, payload.subarray(start, end));
  }
}

/** Descriptions, reasons and what applications send have names; what has a type of its own may be anything, media too. */
function blankRtcp(bytes: Uint8Array): void {
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
