import { parseRed, parseRtpPacket, parseVideoOrientation, type RtpPacket } from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { bucket, type Observation, type Target } from '../engine/target.ts';

/** One packet, its header extensions, and its payload taken for RED. */
export const rtpTarget: Target = {
  name: 'rtp',
  maxLength: 2048,
  words: [
    Uint8Array.of(0xbe, 0xde, 0x00, 0x01),
    Uint8Array.of(0x10, 0x00, 0x00, 0x01),
    Uint8Array.of(0xb0, 0x6f),
  ],
  run(bytes, observation) {
    const packet = parseRtpPacket(bytes);
    const expected = layoutOf(bytes);
    if (typeof packet === 'string') {
      check(packet === expected, () => `refused as ${packet}, expected ${JSON.stringify(expected)}`);
      observation.feature(packet);
      return;
    }
    observation.output(1);
    check(typeof expected !== 'string', () => `taken in spite of ${expected}`);
    checkHeader(bytes, packet, expected);
    checkExtensions(packet, expected, observation);
    checkRed(packet, observation);
  },
};

interface Layout {
  readonly extensions: { readonly start: number; readonly end: number; readonly profile: number } | undefined;
  readonly payload: number;
  readonly end: number;
}

/** RFC 3550 §5.1 from the front, one optional piece after the other. */
function layoutOf(bytes: Uint8Array): Layout | string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [first = 0, second = 0] = bytes;
  if (bytes.length >= 4 && first >> 6 === 2 && second >= 192 && second <= 223) return 'rtcp';
  if (bytes.length < 12) return 'short-header';
  if (first >> 6 !== 2) return 'wrong-version';
  let at = 12 + 4 * (first % 16);
  if (at > bytes.length) return 'csrc-overrun';
  let extensions: Layout['extensions'];
  if ((first & 0x10) !== 0) {
    if (at + 4 > bytes.length) return 'extension-overrun';
    const end = at + 4 + 4 * buffer.readUInt16BE(at + 2);
    if (end > bytes.length) return 'extension-overrun';
    extensions = { start: at + 4, end, profile: buffer.readUInt16BE(at) };
    at = end;
  }
  if ((first & 0x20) === 0) return { extensions, payload: at, end: bytes.length };
  const padding = bytes.at(-1) ?? 0;
  if (at === bytes.length) return 'padding-overrun';
  if (padding === 0) return 'padding-zero';
  if (bytes.length - padding < at) return 'padding-overrun';
  return { extensions, payload: at, end: bytes.length - padding };
}

function checkHeader(bytes: Uint8Array, packet: RtpPacket, { payload, end, extensions }: Layout): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  check(packet.payloadOffset === payload && packet.payloadEnd === end, 'a payload of another place');
  check(
    packet.payload.buffer === bytes.buffer && packet.payload.length === end - payload,
    'a payload that is no view',
  );
  check(
    packet.payloadLength === end - payload && packet.paddingLength === bytes.length - end,
    'lengths that are wrong',
  );
  check(packet.paddingOnly === (payload === end && end < bytes.length), 'padding only, or not: told wrongly');
  check(packet.sequence === buffer.readUInt16BE(2), 'another sequence number');
  check(
    packet.timestamp === buffer.readUInt32BE(4) && packet.ssrc === buffer.readUInt32BE(8),
    'another time or source',
  );
  check(
    packet.payloadType === (bytes[1] ?? 0) % 128 && packet.marker === (bytes[1] ?? 0) > 127,
    'another type or marker',
  );
  check(packet.extensionProfile === extensions?.profile, 'another extension profile');
  for (let index = 0; index < packet.csrcCount; index += 1) {
    check(packet.csrc(index) === buffer.readUInt32BE(12 + 4 * index), 'another contributing source');
  }
  check(
    packet.csrc(-1) === undefined && packet.csrc(packet.csrcCount) === undefined,
    'a contributing source too many',
  );
}

function checkExtensions(packet: RtpPacket, { extensions }: Layout, observation: Observation): void {
  const expected = new Map<number, Uint8Array>();
  if (extensions !== undefined) {
    const { start, end, profile } = extensions;
    if (profile === 0xbede) readOneByte(packet.bytes, start, end, expected);
    else if (profile >= 0x1000 && profile <= 0x100f) readTwoByte(packet.bytes, start, end, expected);
    observation.feature('extensions', bucket(expected.size) * 2 + (profile === 0xbede ? 1 : 0));
  }
  for (let id = -1; id <= 256; id += 1) {
    const found = packet.extension(id);
    const wanted = expected.get(id);
    check(
      (found === undefined) === (wanted === undefined),
      () => `header extension ${id} found or not: wrong`,
    );
    if (found === undefined || wanted === undefined) continue;
    check(
      found.byteOffset === wanted.byteOffset && found.length === wanted.length,
      () => `extension ${id} differs`,
    );
    const rotation = parseVideoOrientation(found);
    check(
      rotation === undefined ? found.length === 0 : [0, 90, 180, 270].includes(rotation),
      'a crooked rotation',
    );
  }
}

/** RFC 8285 §4.2: of several elements with one id the first counts. */
function readOneByte(bytes: Uint8Array, start: number, end: number, into: Map<number, Uint8Array>): void {
  for (let at = start; at < end; ) {
    const head = bytes[at] ?? 0;
    if (head === 0) {
      at += 1;
      continue;
    }
    const length = (head % 16) + 1;
    const id = head >> 4;
    if (id === 15 || at + 1 + length > end) return;
    if (id > 0 && !into.has(id)) into.set(id, bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
}

/** RFC 8285 §4.3. */
function readTwoByte(bytes: Uint8Array, start: number, end: number, into: Map<number, Uint8Array>): void {
  for (let at = start; at < end; ) {
    const id = bytes[at] ?? 0;
    if (id === 0) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (at + 2 > end || at + 2 + length > end) return;
    if (!into.has(id)) into.set(id, bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
}

/** RFC 2198 §3: heads, then data that fills the payload to its end. */
function checkRed({ payload }: RtpPacket, observation: Observation): void {
  const red = parseRed(payload);
  if (red === undefined) return;
  const { primary, redundant } = red;
  let at = 4 * redundant.length + 1;
  for (const [index, block] of redundant.entries()) {
    check(payload[4 * index] === 0x80 + block.payloadType, 'a redundant block of another type');
    check(
      block.start === at && block.end >= at && block.end - at <= 1023,
      'redundant blocks that leave holes',
    );
    check(block.timestampOffset >= 0 && block.timestampOffset <= 0x3fff, 'an impossible timestamp offset');
    at = block.end;
  }
  check(payload[4 * redundant.length] === primary.payloadType, 'a primary block of another type');
  check(
    primary.start === at && primary.end === payload.length && at <= payload.length,
    'a primary block elsewhere',
  );
  check(primary.timestampOffset === 0, 'a primary block that is late');
  observation.feature('red', bucket(redundant.length));
}
