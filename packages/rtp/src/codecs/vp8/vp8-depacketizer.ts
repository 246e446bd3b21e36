import type { MediaPacket } from '../../order/media-packet.ts';
import { startOf } from '../chunks.ts';
import type { CodedFrame, Depacketizer, DepacketizerStatistics, VideoParameters } from '../depacketizer.ts';
import { FrameQueue } from '../frame-queue.ts';
import { PartialFrame } from '../partial-frame.ts';
import { readVp8FrameHeader, VP8_HEADER_BYTES, type Vp8FrameHeader } from './vp8-bitstream.ts';
import { newVp8Descriptor, readVp8Descriptor, type Vp8Descriptor } from './vp8-descriptor.ts';
import { holdsItsPartitions } from './vp8-partitions.ts';
import { Vp8References } from './vp8-references.ts';

/** A frame in the making, with what its descriptors said. */
class Vp8PartialFrame extends PartialFrame {
  pictureId = -1;
  temporalId = -1;
  layerSync = false;
  nonReference = false;
  /** At least one of its packets had a descriptor that could be read. */
  described = false;
}

/**
 * VP8 in RTP (RFC 7741). A frame goes from the packet that starts partition 0 to the one with the marker, and is
 * finished when the packet after it comes. Chromium abandons a frame half way before a key frame, with neither marker
 * nor gap, so a new timestamp alone never makes a frame whole.
 */
export class Vp8Depacketizer implements Depacketizer {
  readonly #queue = new FrameQueue();
  readonly #descriptor = newVp8Descriptor();
  #references = new Vp8References();
  #frame: Vp8PartialFrame | undefined;
  #run: number | undefined;
  #keyFrameSeen = false;
  #parameters: VideoParameters | undefined;

  get parameters(): VideoParameters | undefined {
    return this.#parameters;
  }

  get statistics(): Readonly<DepacketizerStatistics> {
    return this.#queue.statistics;
  }

  push(packet: MediaPacket): void {
    const descriptor = this.#descriptor;
    const described = readVp8Descriptor(packet.payload, descriptor);
    const frame = this.#frameFor(packet, described ? descriptor : undefined);
    this.#queue.see(packet.lossBefore, packet.rotation);
    frame.addPacket(packet);
    if (!described) {
      this.#queue.statistics.packetsMalformed += 1;
      frame.break();
      return;
    }
    frame.append(packet.payload.subarray(descriptor.size));
  }

  pull(): CodedFrame | undefined {
    return this.#queue.pull();
  }

  flush(): void {
    this.#finish();
  }

  /** The frame that the packet belongs to: the open one, or a new one after finishing that. */
  #frameFor(packet: MediaPacket, descriptor: Vp8Descriptor | undefined): Vp8PartialFrame {
    const open = this.#frame;
    if (open !== undefined && !isBoundary(open, packet, descriptor)) {
      if (packet.lossBefore > 0) open.break();
      return open;
    }
    this.#finish();
    if (packet.run !== this.#run) this.#startRun(packet);
    const frame = new Vp8PartialFrame(packet);
    this.#frame = frame;
    this.#references.lostBetweenFrames(packet.lossBefore);
    if (descriptor === undefined) return frame;

    this.#references.frameBegins(descriptor);
    frame.described = true;
    frame.pictureId = descriptor.pictureId;
    frame.temporalId = descriptor.temporalId;
    frame.layerSync = descriptor.layerSync;
    frame.nonReference = descriptor.nonReference;
    if (!startsFrame(descriptor)) frame.break();
    return frame;
  }

  #startRun({ run, continuesDecoding }: MediaPacket): void {
    this.#run = run;
    if (continuesDecoding) return;
    this.#references = new Vp8References();
    this.#keyFrameSeen = false;
  }

  #finish(): void {
    const frame = this.#frame;
    if (frame === undefined) return;
    this.#frame = undefined;
    const header = frame.marker && !frame.broken ? frameHeader(frame) : undefined;
    if (header === undefined) {
      this.#dropIncomplete(frame);
    } else if (header.keyFrame) {
      this.#references.keyFrame();
      this.#keyFrameSeen = true;
      this.#emit(frame, header, this.#parametersFor(header));
    } else {
      this.#finishInterFrame(frame, header);
    }
  }

  #finishInterFrame(frame: Vp8PartialFrame, header: Vp8FrameHeader): void {
    const { statistics } = this.#queue;
    const decodable = this.#references.admit(frame.temporalId, frame.layerSync, frame.nonReference);
    if (decodable && this.#parameters !== undefined) this.#emit(frame, header, this.#parameters);
    else if (this.#keyFrameSeen) statistics.framesUndecodable += 1;
    else statistics.framesBeforeKeyFrame += 1;
  }

  #dropIncomplete(frame: Vp8PartialFrame): void {
    this.#queue.statistics.framesIncomplete += 1;
    if (frame.described) this.#references.missed(frame.temporalId, frame.nonReference);
    else this.#references.lostBetweenFrames(1);
  }

  #emit(frame: Vp8PartialFrame, header: Vp8FrameHeader, parameters: VideoParameters): void {
    if (!holdsItsPartitions(frame.chunks, header)) this.#queue.statistics.framesInvalid += 1;
    this.#queue.emit({
      run: frame.run,
      rtpTicks: frame.rtpTicks,
      receivedMs: frame.receivedMs,
      keyFrame: header.keyFrame,
      chunks: frame.chunks,
      byteLength: frame.byteLength,
      parameters,
    });
  }

  #parametersFor({ width, height, profile }: Vp8FrameHeader): VideoParameters {
    const known = this.#parameters;
    if (known?.width === width && known.height === height && known.profile === profile) return known;
    this.#parameters = { codec: 'vp8', width, height, profile, bitDepth: 8, chroma: '4:2:0' };
    return this.#parameters;
  }
}

function startsFrame(descriptor: Vp8Descriptor): boolean {
  return descriptor.partitionStart && descriptor.partition === 0;
}

/** Two frames may share a timestamp: the start of a frame and another picture id separate them as well. */
function isBoundary(
  open: Vp8PartialFrame,
  packet: MediaPacket,
  descriptor: Vp8Descriptor | undefined,
): boolean {
  if (open.rtpTicks !== packet.rtpTicks || open.run !== packet.run) return true;
  if (descriptor === undefined) return false;
  if (startsFrame(descriptor)) return true;
  return open.pictureId >= 0 && descriptor.pictureId >= 0 && open.pictureId !== descriptor.pictureId;
}

function frameHeader(frame: PartialFrame): Vp8FrameHeader | undefined {
  return readVp8FrameHeader(startOf(frame.chunks, VP8_HEADER_BYTES), frame.byteLength);
}
