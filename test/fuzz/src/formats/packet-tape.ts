import type { MediaPacket, Rotation } from '@rawreel/rtp';
import { joined } from '../engine/mutate-bytes.ts';
import type { Framing } from '../engine/target.ts';

/**
 * A list of media packets as bytes, short enough for mutation and legal whatever the bytes: every tape is something
 * that a MediaStream could hand to a depacketizer.
 *
 *      +-+-+-+-+-+-+-+-+
 *      |E|- - - - - - -|   E: parameter sets before every key frame (H264)
 *      +-+-+-+-+-+-+-+-+
 *      | text length   |   then sprop-parameter-sets, ASCII (H264)
 *      +-+-+-+-+-+-+-+-+   then each packet:
 *      |M|R|C|O|rot| T |   M marker · R a run begins · C and goes on decoding · O with orientation, quarter turns
 *      +-+-+-+-+-+-+-+-+   T: 0 same timestamp, 1 one video frame later, 2 one audio frame later, 3 as told
 *      | lost before   |   240 and above: 2^(value − 232)
 *      +-+-+-+-+-+-+-+-+
 *      | ticks (T = 3) |   32 bits, signed
 *      | length (16)   |
 *      | payload …     |   empty ones are passed over: no packet has one
 */
export interface PacketTape {
  readonly everyKeyFrame: boolean;
  readonly parameterSets: string;
  readonly packets: readonly MediaPacket[];
}

export interface TapePacket {
  readonly marker: boolean;
  readonly newRun?: boolean;
  readonly continuesDecoding?: boolean;
  readonly rotation?: Rotation | undefined;
  readonly lossBefore?: number;
  /** Since the packet before. */
  readonly ticks: number;
  readonly payload: Uint8Array;
}

const VIDEO_FRAME_TICKS = 3000;
const AUDIO_FRAME_TICKS = 960;
const FIRST_BIG_LOSS = 240;
/** Most packets of the tapes that executions should be fast with. */
const MOST_PACKETS = 4096;

export function readPacketTape(bytes: Uint8Array): PacketTape {
  const { head, places } = scan(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: MediaPacket[] = [];
  const clock: Clock = { run: 0, sequence: 0, rtpTicks: 90_000, receivedMs: 0 };
  for (const place of places) {
    if (packets.length === MOST_PACKETS) break;
    if (place.start < place.end) packets.push(toPacket(view, place, clock, packets.length === 0));
  }
  const text = Buffer.from(head.subarray(2));
  return { everyKeyFrame: (head[0] ?? 0) >= 0x80, parameterSets: text.toString('latin1'), packets };
}

interface Place {
  readonly at: number;
  /** Of flags, loss and ticks. */
  readonly headerLength: number;
  readonly start: number;
  readonly end: number;
}

interface Clock {
  run: number;
  sequence: number;
  rtpTicks: number;
  receivedMs: number;
}

function scan(bytes: Uint8Array): { head: Uint8Array; places: Place[] } {
  const head = bytes.subarray(0, 2 + (bytes[1] ?? 0));
  const places: Place[] = [];
  let at = head.length;
  while (at < bytes.length) {
    const headerLength = headerLengthOf(bytes[at] ?? 0);
    const start = at + headerLength + 2;
    if (start > bytes.length) break;
    const length = ((bytes[start - 2] ?? 0) << 8) | (bytes[start - 1] ?? 0);
    const end = Math.min(bytes.length, start + length);
    places.push({ at, headerLength, start, end });
    at = end;
  }
  return { head, places };
}

function toPacket(view: DataView, place: Place, clock: Clock, isFirst: boolean): MediaPacket {
  const { at, start, end } = place;
  const flags = view.getUint8(at);
  const newRun = !isFirst && (flags & 0x40) !== 0;
  if (newRun) clock.run += 1;
  const lossBefore = newRun || isFirst ? 0 : lossOf(view.getUint8(at + 1));
  clock.sequence += lossBefore + 1;
  const ticks = ticksOf(view, at, flags);
  clock.rtpTicks += ticks;
  clock.receivedMs += ticks === 0 ? 1 : 20;
  return {
    run: clock.run,
    sequence: clock.sequence,
    rtpTicks: clock.rtpTicks,
    receivedMs: clock.receivedMs,
    marker: (flags & 0x80) !== 0,
    payload: new Uint8Array(view.buffer, view.byteOffset + start, end - start),
    lossBefore,
    ...(newRun && (flags & 0x20) !== 0 ? { continuesDecoding: true } : {}),
    ...((flags & 0x10) !== 0 ? { rotation: (90 * ((flags >> 2) & 3)) as Rotation } : {}),
  };
}

function lossOf(value: number): number {
  return value < FIRST_BIG_LOSS ? value : 2 ** (value - FIRST_BIG_LOSS + 8);
}

function headerLengthOf(flags: number): number {
  return (flags & 3) === 3 ? 6 : 2;
}

function ticksOf(view: DataView, at: number, flags: number): number {
  switch (flags & 3) {
    case 0:
      return 0;
    case 1:
      return VIDEO_FRAME_TICKS;
    case 2:
      return AUDIO_FRAME_TICKS;
    default:
      return view.getInt32(at + 2);
  }
}

export function writePacketTape(
  packets: readonly TapePacket[],
  options: { readonly everyKeyFrame?: boolean; readonly parameterSets?: string } = {},
): Uint8Array {
  const text = Buffer.from(options.parameterSets ?? '', 'latin1');
  const head = Uint8Array.of(options.everyKeyFrame === true ? 0x80 : 0, text.length, ...text);
  return packetTapeFraming.join(head, packets.map(toPart));
}

function toPart(packet: TapePacket): Uint8Array {
  const { ticks, payload, rotation, lossBefore = 0 } = packet;
  const kind = ticks === 0 ? 0 : ticks === VIDEO_FRAME_TICKS ? 1 : ticks === AUDIO_FRAME_TICKS ? 2 : 3;
  const told = new Uint8Array(kind === 3 ? 4 : 0);
  if (kind === 3) new DataView(told.buffer).setInt32(0, ticks);
  const orientation = rotation === undefined ? 0 : 0x10 | ((rotation / 90) << 2);
  const flags =
    (packet.marker ? 0x80 : 0) |
    (packet.newRun === true ? 0x40 : 0) |
    (packet.continuesDecoding === true ? 0x20 : 0) |
    orientation |
    kind;
  return joined(Uint8Array.of(flags, Math.min(lossBefore, FIRST_BIG_LOSS - 1)), told, payload);
}

/** Parts are packets without their lengths, which `join` puts in again. */
export const packetTapeFraming: Framing = {
  split(bytes) {
    const { head, places } = scan(bytes);
    const parts = places.map(({ at, headerLength, start, end }) =>
      joined(bytes.subarray(at, at + headerLength), bytes.subarray(start, end)),
    );
    return { head, parts };
  },
  join(head, parts) {
    const [flags = 0] = head;
    const text = head.subarray(2, 2 + 255);
    const pieces: Uint8Array[] = [Uint8Array.of(flags, text.length), text];
    for (const part of parts) {
      const headerLength = headerLengthOf(part[0] ?? 0);
      if (part.length < headerLength) continue;
      const payload = part.subarray(headerLength, headerLength + 0xffff);
      const length = Uint8Array.of(payload.length >> 8, payload.length);
      pieces.push(part.subarray(0, headerLength), length, payload);
    }
    return joined(...pieces);
  },
};
