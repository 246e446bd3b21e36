import type { CodedFrame, Depacketizer, MediaPacket } from '@rawreel/rtp';
import { check, fail } from '../engine/check.ts';
import { bucket, type Observation } from '../engine/target.ts';
import { checkAv1Frame } from './av1.ts';
import { checkH264Frame } from './h264.ts';
import { checkOpusFrame } from './opus.ts';
import { checkVp8Frame } from './vp8.ts';
import { checkVp9Frame } from './vp9.ts';

/** Where a piece of a frame came from. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** The packet whose payload it is a view of, by place in the stream; −1 for bytes that the depacketizer made. */
  readonly packet: number;
}

/** A frame with what a check of its codec wants to know. */
export interface FrameInHand {
  readonly frame: CodedFrame;
  readonly bytes: Buffer;
  readonly pieces: readonly Piece[];
  /** All packets pushed, and those of this frame: first and last that it has a piece of; −1 where it has none. */
  readonly packets: readonly MediaPacket[];
  readonly first: number;
  readonly last: number;
}

/**
 * Holds a depacketizer to its word, frame by frame, with checks that share no code with it: order, origin of every
 * byte, wholeness, key frames first, counts that add up, and for each codec that a frame parses again.
 */
export class FrameJudge {
  readonly #observation: Observation;
  readonly #depacketizer: Depacketizer;
  readonly #packets: MediaPacket[] = [];
  readonly #starts: number[] = [];
  #pulled = 0;
  #lastPacket = -1;
  #lossSeen = 0;
  #lossTold = 0;
  #bytesOut = 0;
  #keyFrames = 0;
  #madeBytes = 0;
  #previous: CodedFrame | undefined;
  #shape = 0;

  constructor(depacketizer: Depacketizer, observation: Observation) {
    this.#depacketizer = depacketizer;
    this.#observation = observation;
  }

  get frames(): number {
    return this.#pulled;
  }

  push(packet: MediaPacket): void {
    this.#packets.push(packet);
    this.#starts.push(packet.payload.byteOffset);
    this.#lossSeen += packet.lossBefore;
    const before = this.#counts();
    this.#depacketizer.push(packet);
    this.#pull();
    this.#noteStep(before);
  }

  flush(): void {
    const before = this.#counts();
    this.#depacketizer.flush();
    this.#pull();
    this.#noteStep(before);
    this.#depacketizer.flush();
    check(this.#depacketizer.pull() === undefined, 'a second flush gives out another frame');
    this.#checkCounts();
  }

  #pull(): void {
    for (let frame = this.#depacketizer.pull(); frame !== undefined; frame = this.#depacketizer.pull()) {
      this.#pulled += 1;
      this.#check(frame);
      this.#previous = frame;
    }
  }

  #check(frame: CodedFrame): void {
    const pieces = frame.chunks.map((bytes) => ({ bytes, packet: this.#packetOf(bytes) }));
    const bytes = Buffer.concat(frame.chunks);
    check(bytes.length === frame.byteLength, () => `byteLength ${frame.byteLength} of ${bytes.length} bytes`);
    check(bytes.length > 0, 'an empty frame');
    const origins = pieces.map(({ packet }) => packet).filter((packet) => packet >= 0);
    const first = origins[0] ?? -1;
    const last = origins.at(-1) ?? -1;
    check(
      origins.every((packet, at) => at === 0 || packet >= (origins[at - 1] ?? 0)),
      'pieces out of order',
    );
    check(first >= 0, 'a frame with nothing in it that was received');
    check(first >= this.#lastPacket, 'a frame of packets before those of the frame before it');
    this.#lastPacket = last;
    this.#checkOrigin(frame, first, last);
    this.#checkStart(frame);
    this.#checkParameters(frame);
    this.#lossTold += frame.lossBefore;
    check(frame.lossBefore >= 0 && this.#lossTold <= this.#lossSeen, 'more loss told than seen');
    this.#bytesOut += bytes.length;
    for (const piece of pieces) if (piece.packet < 0) this.#madeBytes += piece.bytes.length;
    if (frame.keyFrame) this.#keyFrames += 1;
    const inHand = { frame, bytes, pieces, packets: this.#packets, first, last };
    checkCodec(inHand, this.#depacketizer);
    this.#noteFrame(frame, pieces);
  }

  /** All packets of a frame share run and timestamp, and the frame tells both. */
  #checkOrigin(frame: CodedFrame, first: number, last: number): void {
    for (let at = first; at <= last; at += 1) {
      const packet = this.#packets[at] as MediaPacket;
      check(packet.run === frame.run, () => `run ${frame.run} with a packet of run ${packet.run}`);
      check(packet.rtpTicks === frame.rtpTicks, 'a timestamp that is not that of all packets');
    }
    // Not after all others': a retransmission or an overtaken packet may be the last in order.
    check(this.#wasReceived(frame), 'received at another time than each of its packets');
    check([0, 90, 180, 270].includes(frame.rotation), () => `rotation ${frame.rotation}`);
  }

  #wasReceived({ run, rtpTicks, receivedMs }: CodedFrame): boolean {
    return (
      this.#packets.findLastIndex(
        (packet) => packet.receivedMs === receivedMs && packet.rtpTicks === rtpTicks && packet.run === run,
      ) >= 0
    );
  }

  /** Decoding begins with a key frame, once more in each run that does not go on from the one before. */
  #checkStart(frame: CodedFrame): void {
    const previous = this.#previous;
    const begins =
      previous === undefined || (frame.run !== previous.run && !this.#goesOn(previous.run, frame.run));
    check(!begins || frame.keyFrame, 'the first frame is no key frame');
  }

  #goesOn(from: number, to: number): boolean {
    let run = from;
    for (const packet of this.#packets) {
      if (packet.run <= run) continue;
      run = packet.run;
      if (run > to) return true;
      if (packet.continuesDecoding !== true) return false;
    }
    return true;
  }

  #checkParameters(frame: CodedFrame): void {
    const { parameters } = frame;
    if (parameters.codec !== 'opus') {
      const { width, height } = parameters;
      check(Number.isInteger(width) && width > 0, () => `width ${width}`);
      check(Number.isInteger(height) && height > 0, () => `height ${height}`);
    }
    const before = this.#previous?.parameters;
    if (before === undefined || before === parameters) return;
    check(
      JSON.stringify(before) !== JSON.stringify(parameters),
      'a new object for parameters that are the same',
    );
  }

  /** Of views on the input: the packet in whose payload it lies; an error where it lies outside of all. */
  #packetOf(bytes: Uint8Array): number {
    const buffer = this.#packets[0]?.payload.buffer;
    if (bytes.buffer !== buffer || bytes.length === 0) return -1;
    let low = 0;
    let high = this.#starts.length - 1;
    // Views may come of packets in any order where a stream was put back in order: then the search is by hand.
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= bytes.byteOffset) low = middle;
      else high = middle - 1;
    }
    return this.#holds(low, bytes) ? low : this.#searchFor(bytes);
  }

  #searchFor(bytes: Uint8Array): number {
    const found = this.#packets.findLastIndex((_, at) => this.#holds(at, bytes));
    return found >= 0 ? found : fail('a view of something that is no payload');
  }

  #holds(at: number, bytes: Uint8Array): boolean {
    const payload = this.#packets[at]?.payload;
    if (payload === undefined || bytes.byteOffset < payload.byteOffset) return false;
    return bytes.byteOffset + bytes.length <= payload.byteOffset + payload.length;
  }

  #checkCounts(): void {
    const { statistics } = this.#depacketizer;
    for (const [name, count] of Object.entries(statistics)) {
      check(Number.isInteger(count) && count >= 0, () => `${name} is ${count}`);
    }
    check(
      statistics.framesEmitted === this.#pulled,
      () => `${statistics.framesEmitted} emitted, ${this.#pulled} pulled`,
    );
    const frames =
      statistics.framesEmitted +
      statistics.framesIncomplete +
      statistics.framesUndecodable +
      statistics.framesBeforeKeyFrame;
    const packets = this.#packets.length;
    check(frames <= packets, () => `${frames} frames of ${packets} packets`);
    if (this.#pulled > 0) check(this.#depacketizer.parameters !== undefined, 'frames without parameters');
    const received = this.#packets.reduce((sum, { payload }) => sum + payload.length, 0);
    const views = this.#bytesOut - this.#madeBytes;
    check(views <= received, () => `${views} bytes given out of ${received} received`);
    // Lengths, size fields and repeated parameter sets, the last bounded per key frame.
    const mostMade = 16 * received + 8 * 1024 * (this.#keyFrames + this.#pulled);
    check(this.#madeBytes <= mostMade, () => `${this.#madeBytes} bytes added to ${received} received`);
    this.#observation.output(this.#pulled);
    for (const [name, count] of Object.entries(statistics)) this.#observation.feature(name, bucket(count));
  }

  #counts(): readonly number[] {
    return [...Object.values(this.#depacketizer.statistics)];
  }

  /** What each packet led to, and after what: a state machine seen from outside. */
  #noteStep(before: readonly number[]): void {
    const after = this.#counts();
    let step = 0;
    for (let at = 0; at < after.length; at += 1) {
      step = step * 3 + Math.min(2, (after[at] ?? 0) - (before[at] ?? 0));
    }
    this.#shape = (Math.imul(this.#shape, 243) + step) >>> 0;
    this.#observation.feature('step', this.#shape % 243 ** 2);
  }

  #noteFrame(frame: CodedFrame, pieces: readonly Piece[]): void {
    const made = pieces.filter(({ packet }) => packet < 0).length;
    const { parameters, rotation, keyFrame } = frame;
    const changed = this.#previous !== undefined && this.#previous.parameters !== parameters;
    this.#observation.feature('pieces', (bucket(pieces.length) << 8) | bucket(made));
    this.#observation.feature('frame', rotation + (keyFrame ? 1 : 0) + (changed ? 2 : 0));
    if (frame.durationTicks !== undefined) this.#observation.feature('duration', frame.durationTicks);
    if (parameters.codec === 'opus') return;
    const { profile, bitDepth, chroma, width, height } = parameters;
    this.#observation.feature(`format ${chroma}`, profile * 16 + bitDepth);
    this.#observation.feature('size', bucket(width) * 32 + bucket(height));
  }
}

function checkCodec(inHand: FrameInHand, depacketizer: Depacketizer): void {
  const { parameters } = inHand.frame;
  check(depacketizer.parameters?.codec === parameters.codec, 'parameters of another codec');
  if (parameters.codec === 'opus') checkOpusFrame(inHand, parameters);
  else if (parameters.codec === 'vp8') checkVp8Frame(inHand, parameters);
  else if (parameters.codec === 'vp9') checkVp9Frame(inHand, parameters);
  else if (parameters.codec === 'h264') checkH264Frame(inHand, parameters);
  else checkAv1Frame(inHand, parameters);
}

/** From the first packet of a frame to its last none is missing, and its end is told: by the marker, or by the next picture. */
export function checkWhole(
  { packets, first, last }: FrameInHand,
  end: 'marked' | 'marked or followed' | 'anyhow',
): void {
  for (let at = first + 1; at <= last; at += 1) {
    check(packets[at]?.lossBefore === 0, 'a frame with a hole');
  }
  const isEnded = end === 'anyhow' || endsMarked(packets, last);
  check(
    isEnded || (end === 'marked or followed' && isFollowed(packets, last)),
    'a frame whose end is not known',
  );
}

/** Behind it comes another picture and nothing is missing between the two, or the end of the stream. */
function isFollowed(packets: readonly MediaPacket[], last: number): boolean {
  const { run, rtpTicks } = packets[last] as MediaPacket;
  const next = packets.slice(last + 1).find((packet) => packet.run !== run || packet.rtpTicks !== rtpTicks);
  if (next === undefined) return true;
  return next.run === run ? next.lossBefore === 0 : next.continuesDecoding === true;
}

/** What follows of the same picture may be nothing that is kept, and still carry the marker. */
function endsMarked(packets: readonly MediaPacket[], last: number): boolean {
  const { run, rtpTicks } = packets[last] as MediaPacket;
  for (let at = last; at < packets.length; at += 1) {
    const packet = packets[at] as MediaPacket;
    if (packet.run !== run || packet.rtpTicks !== rtpTicks || (at > last && packet.lossBefore > 0))
      return false;
    if (packet.marker) return true;
  }
  return false;
}
