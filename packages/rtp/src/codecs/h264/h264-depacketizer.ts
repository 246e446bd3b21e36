import type { MediaPacket } from '../../order/media-packet.ts';
import type { CodedFrame, Depacketizer, DepacketizerStatistics, VideoParameters } from '../depacketizer.ts';
import { FrameQueue } from '../frame-queue.ts';
import { AccessUnit, LENGTH_BYTES, writeLength } from './access-unit.ts';
import { FrameNumbers } from './frame-numbers.ts';
import { beginsAccessUnit, beginsPicture, readH264Payload } from './h264-payload.ts';
import type { SequenceParameterSet } from './parameter-set-syntax.ts';
import { type ParameterSetPolicy, ParameterSets } from './parameter-sets.ts';
import { type Picture, pictureOf } from './picture.ts';
import { MISSING_PARAMETER_SET } from './slice-header.ts';
import { readSpropParameterSets } from './sprop-parameter-sets.ts';

/** How far frames are put in another order: 16 of them (H.264 A.3.1) at the fewest a second that call for it. */
const MAX_REORDER_TICKS = 90_000;

export interface H264Options {
  /** The format parameters of the SDP: its `sprop-parameter-sets` hold until in-band ones come. */
  readonly fmtp?: ReadonlyMap<string, string> | undefined;
  /** `when-changed` unless said otherwise. */
  readonly parameterSets?: ParameterSetPolicy;
}

/**
 * H264 in RTP (RFC 6184), single NAL unit and non-interleaved mode. A frame is the NAL units of one timestamp, whole
 * where it has the picture's first macroblock, no hole, and an end: the marker on its last packet or, since some senders
 * set none (§5.1), the packet after it with another timestamp. It is finished when that comes.
 * Frames begin at an IDR picture, or at one of I slices that an exact recovery point precedes.
 */
export class H264Depacketizer implements Depacketizer {
  readonly #queue = new FrameQueue();
  readonly #sets: ParameterSets;
  #numbers = new FrameNumbers();
  #unit: AccessUnit | undefined;
  #run: number | undefined;
  #keyFrameSeen = false;
  /** The stream sends parameter sets itself, so a key frame after loss may have lost its own. */
  #setsInBand = false;
  #active: SequenceParameterSet | undefined;
  /** Where decoding began at a recovery point: what is shown before it refers to what was not received. */
  #shownFrom = Number.NEGATIVE_INFINITY;
  /** Of the pictures since decoding began. */
  #latestTicks = Number.NEGATIVE_INFINITY;
  #parameters: VideoParameters | undefined;
  #framesWithoutParameterSets = 0;
  /** Whether pictures have had the marker; undefined before the first one ended. Where they have, the last may be cut off without it. */
  #marksEnds: boolean | undefined;

  constructor({ fmtp, parameterSets = 'when-changed' }: H264Options = {}) {
    this.#sets = new ParameterSets(parameterSets);
    for (const nal of readSpropParameterSets(fmtp?.get('sprop-parameter-sets') ?? '')) this.#sets.put(nal);
  }

  get parameters(): VideoParameters | undefined {
    return this.#parameters;
  }

  get framesWithoutParameterSets(): number {
    return this.#framesWithoutParameterSets;
  }

  get statistics(): Readonly<DepacketizerStatistics> {
    return this.#queue.statistics;
  }

  push(packet: MediaPacket): void {
    const unit = this.#unitFor(packet);
    this.#queue.see(packet.lossBefore, packet.rotation);
    unit.addPacket(packet);
    if (readH264Payload(packet.payload, unit)) return;
    this.#queue.statistics.packetsMalformed += 1;
    unit.break();
  }

  pull(): CodedFrame | undefined {
    return this.#queue.pull();
  }

  flush(): void {
    this.#finish(this.#marksEnds === false);
  }

  #unitFor(packet: MediaPacket): AccessUnit {
    const open = this.#unit;
    if (open !== undefined && !this.#isBoundary(open, packet)) {
      if (packet.lossBefore > 0) open.break();
      return open;
    }
    this.#finish(open !== undefined && isNextPicture(open, packet));
    if (packet.run !== this.#run) this.#startRun(packet);
    this.#numbers.lostBetweenFrames(packet.lossBefore);
    this.#unit = new AccessUnit(packet);
    return this.#unit;
  }

  #startRun({ run, continuesDecoding }: MediaPacket): void {
    this.#run = run;
    if (continuesDecoding) return;
    this.#numbers = new FrameNumbers();
    this.#keyFrameSeen = false;
  }

  /**
   * Two pictures may share a timestamp. After a marker anything that begins an access unit separates them; without one
   * a second first macroblock means that the picture before was cut off, unless pictures may be fields.
   */
  #isBoundary(open: AccessUnit, packet: MediaPacket): boolean {
    if (open.rtpTicks !== packet.rtpTicks || open.run !== packet.run) return true;
    if (!open.hasPictureStart) return false;
    if (open.marker) return beginsAccessUnit(packet.payload);
    return this.#active?.framesOnly !== false && beginsPicture(packet.payload);
  }

  /** @param isEnded whether what came behind it, or nothing, says that it lacks no packet at its end */
  #finish(isEnded: boolean): void {
    const unit = this.#unit;
    if (unit === undefined) return;
    this.#unit = undefined;
    if (unit.marker) this.#marksEnds = true;
    else if (isEnded) this.#marksEnds ??= false;
    unit.close();
    this.#takeParameterSets(unit);
    // Parameter sets or messages with a time of their own are no picture, and lack nothing.
    if (unit.reference === undefined && !unit.broken) return;

    const picture = (unit.marker || isEnded) && !unit.broken ? pictureOf(unit, this.#sets) : undefined;
    if (picture === undefined || (picture !== MISSING_PARAMETER_SET && this.#mayLackSets(unit, picture))) {
      this.#queue.statistics.framesIncomplete += 1;
      this.#numbers.missed(unit.reference);
    } else {
      this.#finishWhole(unit, picture);
    }
  }

  #takeParameterSets(unit: AccessUnit): void {
    for (const nal of unit.parameterSets) {
      this.#setsInBand = true;
      if (!this.#sets.put(nal)) this.#queue.statistics.packetsMalformed += 1;
    }
  }

  /** Packets are missing before a key frame that came without sets, where others came with them. */
  #mayLackSets(unit: AccessUnit, picture: Picture): boolean {
    return picture.keyFrame && unit.lossBefore > 0 && this.#setsInBand && !unit.hasParameterSets;
  }

  #finishWhole(unit: AccessUnit, picture: Picture | typeof MISSING_PARAMETER_SET): void {
    const { statistics } = this.#queue;
    if (picture !== MISSING_PARAMETER_SET && this.#admit(unit, picture)) this.#emit(unit, picture);
    else if (this.#keyFrameSeen) statistics.framesUndecodable += 1;
    else statistics.framesBeforeKeyFrame += 1;
    if (picture !== MISSING_PARAMETER_SET) return;
    this.#framesWithoutParameterSets += 1;
    this.#numbers.missed(unit.reference);
  }

  #admit({ rtpTicks }: AccessUnit, { keyFrame, slice }: Picture): boolean {
    if (!slice.idr && this.#numbers.admit(slice)) return rtpTicks >= this.#shownFrom;
    if (!keyFrame) return false;
    this.#numbers.keyFrame(slice);
    this.#shownFrom = slice.idr ? Number.NEGATIVE_INFINITY : rtpTicks;
    this.#keyFrameSeen = true;
    return true;
  }

  #emit(unit: AccessUnit, { keyFrame, slice }: Picture): void {
    if (keyFrame) this.#active = slice.sequence;
    const aheadTicks = this.#latestTicks - unit.rtpTicks;
    const shownEarlier = !keyFrame && aheadTicks > 0 && aheadTicks <= MAX_REORDER_TICKS;
    if (!shownEarlier) this.#latestTicks = unit.rtpTicks;
    const parameters = this.#parametersFor(this.#active ?? slice.sequence);
    const sets = this.#sets.before(keyFrame, slice.sequence);
    const prefixed = sets.flatMap((nal) => [lengthPrefix(nal), nal]);
    const setBytes = sets.reduce((bytes, nal) => bytes + LENGTH_BYTES + nal.length, 0);
    this.#queue.emit({
      run: unit.run,
      rtpTicks: unit.rtpTicks,
      receivedMs: unit.receivedMs,
      keyFrame,
      ...(shownEarlier ? { shownEarlier } : {}),
      chunks: sets.length === 0 ? unit.chunks : [...prefixed, ...unit.chunks],
      byteLength: setBytes + unit.byteLength,
      parameters,
    });
  }

  #parametersFor(sequence: SequenceParameterSet): VideoParameters {
    const { width, height, profileIdc: profile, bitDepth, chroma } = sequence;
    const known = this.#parameters;
    if (
      known?.width === width &&
      known.height === height &&
      known.profile === profile &&
      known.bitDepth === bitDepth &&
      known.chroma === chroma
    ) {
      return known;
    }
    const codecPrivate = this.#sets.configuration(sequence);
    this.#parameters = { codec: 'h264', width, height, profile, bitDepth, chroma, codecPrivate };
    return this.#parameters;
  }
}

/** Whether a packet tells that nothing is missing between it and an access unit before it. */
function isNextPicture(
  open: AccessUnit,
  { run, rtpTicks, lossBefore, continuesDecoding }: MediaPacket,
): boolean {
  return run === open.run ? rtpTicks !== open.rtpTicks && lossBefore === 0 : continuesDecoding === true;
}

function lengthPrefix(nal: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(LENGTH_BYTES);
  writeLength(prefix, nal.length);
  return prefix;
}
