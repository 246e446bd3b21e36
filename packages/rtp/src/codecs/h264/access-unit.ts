import type { MediaPacket } from '../../order/media-packet.ts';
import { lengthOf, startOf } from '../chunks.ts';
import { PartialFrame } from '../partial-frame.ts';
import { Pieces } from '../pieces.ts';
import { type NalUnitSink, startsPicture } from './h264-payload.ts';
import { isKept, isSlice, NAL, nalRefIdc, nalType } from './nal-unit.ts';
import { isExactRecoveryPoint } from './recovery-point.ts';
import { SLICE_HEADER_BYTES } from './slice-header.ts';

export const LENGTH_BYTES = 4;

/** Encoders stay under a few hundred slices; aggregates of one-byte units must not fill the memory. */
const MAX_NAL_UNITS = 65_536;
/** All ids there are of both kinds come to fewer, and no encoder writes one as long. */
const MAX_PARAMETER_SETS = 512;
const MAX_PARAMETER_SET_BYTES = 4096;

/** A NAL unit of which not all packets have come. */
interface OpenNalUnit {
  readonly header: number;
  readonly pieces: Pieces;
}

/**
 * The NAL units of one timestamp, each behind its length in 4 bytes as Matroska and MP4 want them. Parameter sets are
 * kept aside, since a container carries them in its codec private data.
 */
export class AccessUnit extends PartialFrame implements NalUnitSink {
  /** Packets missing directly before its first one. */
  readonly lossBefore: number;
  /** Copies. */
  readonly parameterSets: Uint8Array[] = [];
  /** Whether other pictures may refer to it; undefined as long as no slice has come. */
  reference: boolean | undefined;
  exactRecoveryPoint = false;
  /** Has the slice of the first macroblock. */
  hasPictureStart = false;
  #slices: Uint8Array[] = [];
  #nalUnits = 0;
  #open: OpenNalUnit | undefined;

  constructor(first: MediaPacket) {
    super(first);
    this.lossBefore = first.lossBefore;
  }

  /** Copies of the first bytes of each slice, header byte first. */
  get slices(): readonly Uint8Array[] {
    return this.#slices;
  }

  /** A sequence and a picture parameter set came with it. */
  get hasParameterSets(): boolean {
    const types = new Set(this.parameterSets.map((nal) => nalType(nal[0] ?? 0)));
    return types.size === 2;
  }

  whole(nal: Uint8Array): void {
    const header = nal[0] ?? 0;
    this.#begin(header, nal[1]);
    this.#add(header, [nal]);
  }

  fragmentStart(header: number, bytes: Uint8Array): void {
    this.#begin(header, bytes[0]);
    if (this.broken) return;
    const pieces = new Pieces();
    pieces.append(Uint8Array.of(header));
    this.#open = { header, pieces };
    this.fragment(header, bytes);
  }

  fragment(header: number, bytes: Uint8Array): void {
    const type = nalType(header);
    // Tells whether others refer to the picture even where the slice's first piece is lost.
    if (isSlice(type)) this.reference = nalRefIdc(header) !== 0;
    if (this.#open === undefined || nalType(this.#open.header) !== type) this.break();
    else if (bytes.length > 0) this.#open.pieces.append(bytes);
  }

  fragmentEnd(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#add(open.header, open.pieces.chunks);
  }

  /** No more packets come: a NAL unit without its end is a hole. */
  close(): void {
    if (this.#open !== undefined) this.break();
  }

  override break(): void {
    super.break();
    this.#open = undefined;
    this.#slices = [];
  }

  #begin(header: number, next: number | undefined): void {
    this.#nalUnits += 1;
    if (this.#open !== undefined || this.#nalUnits > MAX_NAL_UNITS) this.break();
    if (!isSlice(nalType(header))) return;
    this.reference = nalRefIdc(header) !== 0;
    if (startsPicture(next)) this.hasPictureStart = true;
  }

  #add(header: number, pieces: readonly Uint8Array[]): void {
    const type = nalType(header);
    // Parameter sets outlive the frame they came with, whole or not.
    if (type === NAL.sequenceParameterSet || type === NAL.pictureParameterSet) this.#addParameterSet(pieces);
    else if (isKept(type) && !this.broken) this.#addKept(type, pieces);
  }

  #addParameterSet(pieces: readonly Uint8Array[]): void {
    const byteLength = lengthOf(pieces);
    if (this.parameterSets.length === MAX_PARAMETER_SETS || byteLength > MAX_PARAMETER_SET_BYTES) return;
    this.parameterSets.push(startOf(pieces, byteLength).slice());
  }

  #addKept(type: number, pieces: readonly Uint8Array[]): void {
    const byteLength = lengthOf(pieces);
    if (isSlice(type)) this.#slices.push(startOf(pieces, SLICE_HEADER_BYTES).slice());
    else if (isExactRecoveryPoint(startOf(pieces, byteLength))) this.exactRecoveryPoint = true;
    const prefix = new Uint8Array(LENGTH_BYTES);
    writeLength(prefix, byteLength);
    this.append(prefix);
    for (const piece of pieces) this.append(piece);
  }
}

export function writeLength(prefix: Uint8Array, length: number): void {
  prefix[0] = length >>> 24;
  prefix[1] = length >>> 16;
  prefix[2] = length >>> 8;
  prefix[3] = length;
}
