import type { MediaPacket } from '../../order/media-packet.ts';
import { lengthOf, startOf } from '../chunks.ts';
import type { CodedFrame, Depacketizer, DepacketizerStatistics, VideoParameters } from '../depacketizer.ts';
import { FrameQueue } from '../frame-queue.ts';
import { PartialFrame } from '../partial-frame.ts';
import { type Av1FrameHeader, readFrameHeader } from './frame-header.ts';
import { OBU_TYPE, type Obu, readObu } from './obu.ts';
import { type AggregationHeader, readElements } from './payload-elements.ts';
import {
  type Av1SequenceHeader,
  av1Configuration,
  chromaOf,
  parseSequenceHeader,
} from './sequence-header.ts';

/** More than 512 tile groups in each of 4 layers is not possible. */
const MAX_OBUS = 4096;
/** Real ones have 10–40 bytes. */
const MAX_SEQUENCE_HEADER_BYTES = 1024;

/** A sequence header as it came, and what it says. */
interface Sequence {
  /** The whole OBU with its size field; a copy, because it outlives what was read. */
  readonly obu: Uint8Array;
  readonly header: Av1SequenceHeader;
}

/** A temporal unit in the making: its chunks, and which of them begin an OBU. */
class PartialTemporalUnit extends PartialFrame {
  readonly obuStarts: number[] = [];
  /** The last OBU goes on in the next packet. */
  unfinished = false;
  /** Packets are missing before it, which may have been its first. */
  startsAfterLoss = false;
  /** Its first packet says that a coded video sequence starts: then nothing of it came before. */
  startsSequence = false;
}

/** What a whole temporal unit holds, without what a file must not have. */
interface TemporalUnit {
  readonly obus: readonly Obu[];
  readonly sequence: Sequence | undefined;
  readonly keyFrame: boolean;
  /** Its first OBU is there for certain, even where packets before it are missing. */
  readonly beginsForCertain: boolean;
}

/**
 * AV1 in RTP (RTP payload format for AV1). Packets of one timestamp make a temporal unit; their elements are OBUs or
 * pieces of them, without size fields.
 *
 * A unit is whole if all its OBUs are: its last one does not go on, every frame header has its tiles, and no packet is
 * missing at its ends. Where the marker is missing, as it may be when a sender leaves out the top spatial layer, whole
 * OBUs are enough, except that of separately sent tile groups nobody can say which was the last.
 *
 * After a loss everything up to the next key frame is left out. All spatial layers are kept: a decoder takes operating
 * point 0, the one with all layers, and shows the highest spatial layer of each temporal unit (§7.18).
 */
export class Av1Depacketizer implements Depacketizer {
  readonly #queue = new FrameQueue();
  readonly #elements: Uint8Array[] = [];
  #run: number | undefined;
  #unit: PartialTemporalUnit | undefined;
  /** The last sequence header of an emitted unit of this run. */
  #sequence: Sequence | undefined;
  #parameters: VideoParameters | undefined;
  /** Decoding of this run has begun. */
  #started = false;
  /** Nothing was left out since the last key frame. */
  #intact = false;

  get parameters(): VideoParameters | undefined {
    return this.#parameters;
  }

  get statistics(): Readonly<DepacketizerStatistics> {
    return this.#queue.statistics;
  }

  push(packet: MediaPacket): void {
    const known = this.#unit;
    const same = known !== undefined && known.rtpTicks === packet.rtpTicks && known.run === packet.run;
    const unit = same ? known : this.#begin(packet);
    if (same && packet.lossBefore > 0) unit.break();
    this.#queue.see(packet.lossBefore, packet.rotation);
    unit.addPacket(packet);
    const elements = this.#elements;
    elements.length = 0;
    const header = readElements(packet.payload, elements);
    if (header === undefined) {
      this.#queue.statistics.packetsMalformed += 1;
      unit.break();
      return;
    }
    addElements(unit, header, elements);
  }

  pull(): CodedFrame | undefined {
    return this.#queue.pull();
  }

  /** What follows the last packet was not recorded: only a marker tells that its unit is whole. */
  flush(): void {
    this.#finish(1);
  }

  #begin(packet: MediaPacket): PartialTemporalUnit {
    const newRun = packet.run !== this.#run && !packet.continuesDecoding;
    this.#finish(newRun ? 0 : packet.lossBefore);
    this.#run = packet.run;
    if (newRun) {
      this.#sequence = undefined;
      this.#started = false;
      this.#intact = false;
    }
    const unit = new PartialTemporalUnit(packet);
    // A recording may begin inside a unit, which no gap tells of.
    unit.startsAfterLoss = newRun || packet.lossBefore > 0;
    this.#unit = unit;
    return unit;
  }

  #finish(lossAfter: number): void {
    const partial = this.#unit;
    if (partial === undefined) return;
    this.#unit = undefined;
    if (partial.startsAfterLoss) this.#intact = false;
    const tailMayBeMissing = lossAfter > 0 && !partial.marker;
    const unit = partial.broken || tailMayBeMissing ? undefined : readUnit(partial, this.#sequence);
    if (unit === undefined) {
      this.#queue.statistics.framesIncomplete += 1;
      this.#intact = false;
      return;
    }
    const sequence = unit.sequence ?? this.#sequence;
    const beginsForCertain = !partial.startsAfterLoss || unit.beginsForCertain;
    if (unit.keyFrame && sequence !== undefined && beginsForCertain) {
      this.#started = true;
      this.#intact = true;
    }
    if (!this.#intact || sequence === undefined) {
      this.#leaveOut();
      return;
    }
    this.#emit(partial, unit, sequence);
  }

  #leaveOut(): void {
    const { statistics } = this.#queue;
    if (this.#started) statistics.framesUndecodable += 1;
    else statistics.framesBeforeKeyFrame += 1;
  }

  #emit(partial: PartialTemporalUnit, unit: TemporalUnit, sequence: Sequence): void {
    const chunks: Uint8Array[] = [];
    if (unit.keyFrame && unit.sequence === undefined) chunks.push(sequence.obu);
    for (const { head, payload } of unit.obus) {
      chunks.push(head);
      for (const piece of payload) chunks.push(piece);
    }
    this.#queue.emit({
      run: partial.run,
      rtpTicks: partial.rtpTicks,
      receivedMs: partial.receivedMs,
      keyFrame: unit.keyFrame,
      chunks,
      byteLength: lengthOf(chunks),
      parameters: this.#parametersFor(sequence),
    });
  }

  #parametersFor(sequence: Sequence): VideoParameters {
    const known = this.#parameters;
    if (known !== undefined && this.#sequence === sequence) return known;
    this.#sequence = sequence;
    const codecPrivate = av1Configuration(sequence.header, sequence.obu);
    if (known?.codecPrivate !== undefined && isSame(known.codecPrivate, codecPrivate)) return known;
    const { width, height, profile, bitDepth } = sequence.header;
    const chroma = chromaOf(sequence.header);
    this.#parameters = { codec: 'av1', width, height, profile, bitDepth, chroma, codecPrivate };
    return this.#parameters;
  }
}

function addElements(
  unit: PartialTemporalUnit,
  header: AggregationHeader,
  elements: readonly Uint8Array[],
): void {
  const isFirst = unit.obuStarts.length === 0;
  if (isFirst) unit.startsSequence = header.startsSequence;
  // Either half of a fragment tells of the other: an end without its beginning, a beginning without its end.
  if (header.continues !== unit.unfinished || unit.obuStarts.length > MAX_OBUS) {
    unit.break();
    return;
  }
  let continues = header.continues;
  for (const element of elements) {
    if (!continues) unit.obuStarts.push(unit.chunks.length);
    unit.append(element);
    continues = false;
  }
  unit.unfinished = header.unfinished;
}

/** Undefined where the unit is not whole. */
function readUnit(partial: PartialTemporalUnit, known: Sequence | undefined): TemporalUnit | undefined {
  if (partial.unfinished) return undefined;
  const all = readObus(partial);
  if (all === undefined) return undefined;
  const sequence = readSequence(all);
  if (sequence === undefined) return undefined;
  const frame = readFrames(all, (sequence ?? known)?.header, partial.marker);
  if (frame === undefined) return undefined;
  const first = all[0]?.type;
  const beginsForCertain =
    partial.startsSequence || first === OBU_TYPE.sequenceHeader || first === OBU_TYPE.temporalDelimiter;
  return {
    obus: all.filter(isKept),
    sequence: sequence ?? undefined,
    keyFrame: frame.keyFrame,
    beginsForCertain,
  };
}

function readObus({ chunks, obuStarts }: PartialTemporalUnit): Obu[] | undefined {
  const obus: Obu[] = [];
  for (const [index, start] of obuStarts.entries()) {
    const pieces = chunks.slice(start, obuStarts[index + 1]);
    // An element of no bytes is no OBU, and lacks none.
    if (lengthOf(pieces) === 0) continue;
    const obu = readObu(pieces);
    if (obu === undefined) return undefined;
    obus.push(obu);
  }
  return obus;
}

/** Undefined where there is one that nothing can read, or that comes behind what needs it; null where there is none. */
function readSequence(obus: readonly Obu[]): Sequence | null | undefined {
  const at = obus.findIndex(({ type }) => type === OBU_TYPE.sequenceHeader);
  const obu = obus[at];
  if (obu === undefined) return null;
  if (obus.slice(0, at).some(({ type }) => type === OBU_TYPE.frame || type === OBU_TYPE.frameHeader)) {
    return undefined;
  }
  const length = lengthOf(obu.payload);
  if (length > MAX_SEQUENCE_HEADER_BYTES) return undefined;
  const payload = startOf(obu.payload, length);
  const header = parseSequenceHeader(payload);
  if (header === undefined) return undefined;
  const bytes = new Uint8Array(obu.head.length + length);
  bytes.set(obu.head);
  bytes.set(payload, obu.head.length);
  return { obu: bytes, header };
}

/** The first frame's header; undefined where there is no frame, or one without all its tiles. */
function readFrames(
  obus: readonly Obu[],
  sequence: Av1SequenceHeader | undefined,
  marker: boolean,
): Av1FrameHeader | undefined {
  let first: Av1FrameHeader | undefined;
  let tiles: 'whole' | 'awaited' | 'perhaps more' = 'whole';
  for (const { type, payload } of obus) {
    if (type === OBU_TYPE.tileGroup) {
      if (tiles === 'whole') return undefined;
      tiles = 'perhaps more';
    }
    if (type !== OBU_TYPE.frame && type !== OBU_TYPE.frameHeader) continue;
    const start = startOf(payload, 1)[0];
    if (tiles === 'awaited' || start === undefined) return undefined;
    const header = readFrameHeader(start, sequence);
    first ??= header;
    tiles = type === OBU_TYPE.frameHeader && !header.showExisting ? 'awaited' : 'whole';
  }
  if (tiles === 'awaited' || (tiles === 'perhaps more' && !marker)) return undefined;
  return first;
}

/** No delimiter: a container's block says where a temporal unit starts. */
function isKept({ type }: Obu): boolean {
  switch (type) {
    case OBU_TYPE.sequenceHeader:
    case OBU_TYPE.frameHeader:
    case OBU_TYPE.tileGroup:
    case OBU_TYPE.metadata:
    case OBU_TYPE.frame:
    case OBU_TYPE.redundantFrameHeader:
      return true;
    default:
      return false;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
