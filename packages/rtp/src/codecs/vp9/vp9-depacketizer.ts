import type { MediaPacket } from '../../order/media-packet.ts';
import { lengthOf, startOf } from '../chunks.ts';
import type { CodedFrame, Depacketizer, DepacketizerStatistics, VideoParameters } from '../depacketizer.ts';
import { FrameQueue } from '../frame-queue.ts';
import { Pieces } from '../pieces.ts';
import { Vp9DecoderState } from './decoder-state.ts';
import type { LayerReferences } from './layer-references.ts';
import { Vp9PayloadDescriptor } from './payload-descriptor.ts';
import { type Vp9Frame, Vp9Picture } from './picture.ts';
import { splitSuperframe } from './superframe.ts';
import { MAX_HEADER_BYTES, parseUncompressedHeader, type Vp9FrameHeader } from './uncompressed-header.ts';

/** The layer frame whose packets are coming in. */
interface OpenFrame {
  readonly picture: number;
  readonly layer: number;
  /** Absent where its first packet, the one that names them, is missing. */
  readonly references: LayerReferences | undefined;
  readonly pieces: Pieces;
  broken: boolean;
}

/** Where the last readable packet stood. */
interface Position {
  picture: number;
  pictureIdBits: number;
  layer: number;
  layered: boolean;
  endedFrame: boolean;
  endedPicture: boolean;
}

/**
 * VP9 in RTP (RFC 9628).
 *
 * A picture is what shares a timestamp: one layer frame, or with spatial scalability one per layer, lowest first, each
 * from a packet with B to one with E. Each layer frame is tried by `Vp9DecoderState` as soon as its E is there; the
 * picture goes out when the next timestamp comes, with the layers that decode and the highest of them displayed. So a
 * picture whose top layer is missing is shown smaller, and one of which nothing decodes is left out.
 *
 * Neither the marker bit nor an unbroken sequence says that a picture is whole: senders leave out the marker with the
 * top layer, and abandon a frame half way before a key frame.
 */
export class Vp9Depacketizer implements Depacketizer {
  readonly #queue = new FrameQueue();
  readonly #descriptor = new Vp9PayloadDescriptor();
  #state = new Vp9DecoderState();
  #run: number | undefined;
  #picture: Vp9Picture | undefined;
  /** Decoding had begun before that picture. */
  #startedBefore = false;
  #open: OpenFrame | undefined;
  #last: Position | undefined;
  /** Packets lost or unreadable since the last readable one. */
  #missing = 0;
  #parameters: VideoParameters | undefined;

  get parameters(): VideoParameters | undefined {
    return this.#parameters;
  }

  get statistics(): Readonly<DepacketizerStatistics> {
    return this.#queue.statistics;
  }

  push(packet: MediaPacket): void {
    const known = this.#picture;
    const newPicture = known === undefined || known.rtpTicks !== packet.rtpTicks || known.run !== packet.run;
    const picture = newPicture ? this.#begin(packet) : known;
    this.#queue.see(packet.lossBefore, packet.rotation);
    this.#missing += packet.lossBefore;
    picture.count(packet);
    const descriptor = this.#descriptor;
    const offset = descriptor.read(packet.payload);
    if (offset < 0) {
      this.#queue.statistics.packetsMalformed += 1;
      this.#missing += 1;
      picture.incomplete = true;
      return;
    }
    const id = this.#state.references.unwrap(descriptor, newPicture);
    if (this.#missing > 0) this.#crossGap(id);
    this.#missing = 0;
    this.#append(picture, id, packet.payload.subarray(offset));
    const endsFrame = descriptor.endsFrame || packet.marker;
    this.#remember(id, endsFrame, packet.marker);
    if (endsFrame) this.#close(picture, true);
  }

  pull(): CodedFrame | undefined {
    return this.#queue.pull();
  }

  flush(): void {
    this.#finish();
  }

  #begin(packet: MediaPacket): Vp9Picture {
    this.#finish();
    if (packet.run !== this.#run) {
      this.#run = packet.run;
      if (!packet.continuesDecoding) {
        this.#state = new Vp9DecoderState();
        this.#last = undefined;
        this.#missing = 0;
      }
    }
    this.#startedBefore = this.#state.started;
    this.#picture = new Vp9Picture(packet);
    return this.#picture;
  }

  #append(picture: Vp9Picture, id: number, data: Uint8Array): void {
    const descriptor = this.#descriptor;
    let open = this.#open;
    const continues = open?.picture === id && open.layer === descriptor.spatialId && !descriptor.startsFrame;
    if (open === undefined || !continues) {
      this.#close(picture, false);
      open = this.#openFrame(id);
    }
    if (picture.tooLarge) {
      open.broken = true;
      open.pieces.clear();
    }
    if (!open.broken) open.pieces.append(data);
  }

  #openFrame(id: number): OpenFrame {
    const descriptor = this.#descriptor;
    const starts = descriptor.startsFrame;
    const references = starts ? this.#state.references.describe(descriptor, id) : undefined;
    this.#open = {
      picture: id,
      layer: descriptor.spatialId,
      references,
      pieces: new Pieces(),
      broken: !starts,
    };
    return this.#open;
  }

  #remember(id: number, endedFrame: boolean, endedPicture: boolean): void {
    const { pictureIdBits, spatialId, layered } = this.#descriptor;
    const last = this.#last;
    if (last === undefined) {
      this.#last = { picture: id, pictureIdBits, layer: spatialId, layered, endedFrame, endedPicture };
      return;
    }
    last.picture = id;
    last.pictureIdBits = pictureIdBits;
    last.layer = spatialId;
    last.layered = layered;
    last.endedFrame = endedFrame;
    last.endedPicture = endedPicture;
  }

  /** Packets are missing before this one: what of the frames around and between does that spoil? */
  #crossGap(id: number): void {
    if (this.#open !== undefined) this.#open.broken = true;
    if (!this.#nothingBetween(id)) this.#state.unknownLeftOut();
    // So many pictures may be gone that the picture id has come round, and the same numbers mean others.
    if (this.#missing >= 2 ** this.#descriptor.pictureIdBits / 2) this.#state.references.forgetPictures();
  }

  /** True where the layer frame of the last packet and that of this one, or a part of them, is all that can be gone. */
  #nothingBetween(id: number): boolean {
    const last = this.#last;
    const { startsFrame, spatialId, layered, pictureIdBits } = this.#descriptor;
    if (last === undefined || pictureIdBits === 0 || pictureIdBits !== last.pictureIdBits) return false;
    if (this.#missing >= 2 ** pictureIdBits) return false;
    if (id === last.picture && spatialId === last.layer) return !startsFrame && !last.endedFrame;
    if (!startsFrame) return false;
    if (id === last.picture) return spatialId === last.layer + 1;
    if (id !== last.picture + 1 || spatialId !== 0) return false;
    return last.endedPicture || !(last.layered || layered);
  }

  #close(picture: Vp9Picture, whole: boolean): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    if (whole && !open.broken && open.references !== undefined) {
      this.#tryLayerFrame(picture, open.pieces.chunks, open.references);
      return;
    }
    picture.incomplete = true;
    const header = this.#parse(open.pieces.chunks);
    // A hidden frame heads a superframe: its other frames may have been references too.
    if (header?.shown === true) this.#state.leftOut(header);
    else this.#state.unknownLeftOut();
  }

  /** A layer frame of several frames decodes with all of them or not at all. */
  #tryLayerFrame(picture: Vp9Picture, chunks: Uint8Array[], references: LayerReferences): void {
    const state = this.#state;
    const { started } = state;
    const frames: Vp9Frame[] = [];
    let admitted = true;
    for (const part of splitSuperframe(chunks)) {
      // Parsed one by one: a frame may take its size from the one before it.
      const header = this.#parse(part);
      if (header === undefined) {
        state.started = started;
        state.unknownLeftOut();
        return;
      }
      admitted = admitted && state.admit(header, references);
      frames.push({ chunks: part, header });
    }
    if (admitted) {
      state.references.decoded(references.picture, references.layer);
      picture.layerFrames.push({ chunks, frames });
    } else {
      state.started = started;
      for (const { header } of frames) state.leftOut(header);
    }
  }

  #parse(chunks: readonly Uint8Array[]): Vp9FrameHeader | undefined {
    return parseUncompressedHeader(startOf(chunks, MAX_HEADER_BYTES), this.#state.slotSize);
  }

  #finish(): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    this.#close(picture, false);
    this.#picture = undefined;
    const displayed = picture.displayed;
    const chunks = displayed === undefined || picture.tooLarge ? undefined : picture.compose();
    if (chunks === undefined || displayed === undefined) {
      this.#leaveOut(picture);
      return;
    }
    this.#queue.emit({
      run: picture.run,
      rtpTicks: picture.rtpTicks,
      receivedMs: picture.receivedMs,
      keyFrame: picture.keyFrame,
      chunks,
      byteLength: lengthOf(chunks),
      parameters: this.#parametersFor(displayed),
    });
  }

  #leaveOut(picture: Vp9Picture): void {
    const { statistics } = this.#queue;
    // It was admitted frame by frame, and the decoder is not going to get it after all.
    if (picture.layerFrames.length > 0) this.#state.takeBack(this.#startedBefore);
    if (picture.incomplete || picture.tooLarge) statistics.framesIncomplete += 1;
    else if (this.#state.started) statistics.framesUndecodable += 1;
    else statistics.framesBeforeKeyFrame += 1;
  }

  #parametersFor(displayed: Vp9FrameHeader): VideoParameters {
    const known = this.#parameters;
    const { width, height } = displayed.size ?? { width: 0, height: 0 };
    const { profile } = displayed;
    const { bitDepth, chroma } = this.#state.format;
    const same = known?.width === width && known.height === height && known.profile === profile;
    if (known !== undefined && same && known.bitDepth === bitDepth && known.chroma === chroma) return known;
    this.#parameters = { codec: 'vp9', width, height, profile, bitDepth, chroma };
    return this.#parameters;
  }
}
