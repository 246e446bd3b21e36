import { isSlice, NAL, nalType } from './nal-unit.ts';

/** What a packet's payload is made of. */
export interface NalUnitSink {
  /** A NAL unit that is whole within its packet, header byte first. */
  whole(nal: Uint8Array): void;
  /** The first piece of a NAL unit in several packets: its header byte put together, then what follows the FU header. */
  fragmentStart(header: number, bytes: Uint8Array): void;
  /** A piece after the first. */
  fragment(header: number, bytes: Uint8Array): void;
  fragmentEnd(): void;
}

/**
 * Takes a payload apart (RFC 6184 §5.2). False where it breaks the format, or is of a kind that no packetization mode
 * below 2 uses: STAP-B, MTAP and FU-B belong to interleaved mode, which WebRTC does not negotiate.
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |F|NRI|  type   |   1–23: the payload is one NAL unit · 24: STAP-A · 28: FU-A
 *     +-+-+-+-+-+-+-+-+
 */
export function readH264Payload(payload: Uint8Array, sink: NalUnitSink): boolean {
  const header = payload[0] ?? 0;
  if ((header & 0x80) !== 0) return false;
  const type = nalType(header);
  if (type === NAL.fuA) return readFragment(payload, sink);
  if (type === NAL.stapA) return readAggregate(payload, sink);
  if (!isCarried(type)) return false;
  sink.whole(payload);
  return true;
}

/** Slices in data partitions, 2–4, belong to the Extended profile, which no decoder in use takes. */
function isCarried(type: number): boolean {
  return type === NAL.slice || (type >= NAL.idrSlice && type < NAL.stapA);
}

/**
 * STAP-A (§5.7.1): after the header byte, NAL units of one time, each with its size.
 *
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |        size (16 bits)         | NAL unit … size …
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
function readAggregate(payload: Uint8Array, sink: NalUnitSink): boolean {
  if (!isSoundAggregate(payload)) return false;
  for (let position = 1; position < payload.length; ) {
    const size = readSize(payload, position);
    if (size === 0) break;
    sink.whole(payload.subarray(position + 2, position + 2 + size));
    position += 2 + size;
  }
  return true;
}

/**
 * Looked at before anything is given out: half an aggregate must not reach the frame. Sizes of 0 behind the last NAL unit
 * are padding.
 */
function isSoundAggregate(payload: Uint8Array): boolean {
  let position = 1;
  while (position + 2 <= payload.length) {
    const size = readSize(payload, position);
    if (size === 0) return position > 1 && payload.subarray(position).every((byte) => byte === 0);
    const header = payload[position + 2] ?? 0x80;
    if ((header & 0x80) !== 0 || !isCarried(nalType(header))) return false;
    position += 2 + size;
  }
  return position > 1 && position === payload.length;
}

function readSize(payload: Uint8Array, position: number): number {
  return ((payload[position] ?? 0) << 8) | (payload[position + 1] ?? 0);
}

/**
 * FU-A (§5.8): the NAL unit's header is the NRI of the indicator and the type of the FU header.
 *
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |F|NRI|   28    |S|E|R|  type   |   S: first piece · E: last piece
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
function readFragment(payload: Uint8Array, sink: NalUnitSink): boolean {
  const fuHeader = payload[1];
  if (fuHeader === undefined) return false;
  const type = nalType(fuHeader);
  if (!isCarried(type)) return false;
  const header = ((payload[0] ?? 0) & 0x60) | type;
  const bytes = payload.subarray(2);
  if ((fuHeader & 0x80) === 0) sink.fragment(header, bytes);
  else sink.fragmentStart(header, bytes);
  if ((fuHeader & 0x40) !== 0) sink.fragmentEnd();
  return true;
}

/**
 * Whether a packet begins a NAL unit that can only stand before or at the first slice of a picture (ITU-T H.264
 * §7.4.1.2.3): what follows a complete picture at the same timestamp is then another one.
 */
export function beginsAccessUnit(payload: Uint8Array): boolean {
  return beginsPicture(payload) || isBeforePicture(firstType(payload));
}

/** What follows a slice's header byte is first_mb_in_slice: ue(0) is a single 1 bit. */
export function startsPicture(next: number | undefined): boolean {
  return ((next ?? 0) & 0x80) !== 0;
}

/** Whether a packet begins with the slice of a picture's first macroblock. */
export function beginsPicture(payload: Uint8Array): boolean {
  const type = nalType(payload[0] ?? 0);
  if (type === NAL.fuA && ((payload[1] ?? 0) & 0x80) === 0) return false;
  const firstOfSlice = type === NAL.stapA ? payload[4] : type === NAL.fuA ? payload[2] : payload[1];
  return isSlice(firstType(payload)) && startsPicture(firstOfSlice);
}

function firstType(payload: Uint8Array): number {
  const type = nalType(payload[0] ?? 0);
  if (type === NAL.stapA) return nalType(payload[3] ?? 0);
  return type === NAL.fuA ? nalType(payload[1] ?? 0) : type;
}

function isBeforePicture(type: number): boolean {
  return type >= NAL.sei && type <= NAL.accessUnitDelimiter;
}
