import {
  blankPayload,
  blankRtcp,
  CODECS,
  type Codec,
  codecOfMime,
  isRtcp,
  parseRed,
  parseRtpPacket,
  type SessionDescription,
} from '@rawreel/rtp';

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
