import { AUDIO_LEVEL_URI, parseAudioLevel } from '../packet/audio-level.ts';
import type { RtpPacket } from '../packet/rtp-packet.ts';
import { parseVideoOrientation, VIDEO_ORIENTATION_URI } from '../packet/video-orientation.ts';
import type { AudioLevel, Rotation } from './media-packet.ts';

/** A packet of the followed stream with its place in the order of sequence numbers. */
export interface Arrival {
  /** Unwrapped. */
  readonly sequence: number;
  /** 32 bits, as on the wire. */
  readonly timestamp: number;
  readonly receivedMs: number;
  readonly marker: boolean;
  /** Undefined for what only takes up a sequence number: padding, FEC, comfort noise. */
  payload: Uint8Array | undefined;
  readonly rotation: Rotation | undefined;
  readonly audioLevel: AudioLevel | undefined;
  /** From a retransmission, from a redundant block of another packet, or rebuilt by forward error correction. */
  recovered: boolean;
  /** Recovered or overtaken: its receive time says nothing about when its turn was. */
  detoured: boolean;
}

/** Reads packets with the header extensions that the SDP has given a number. */
export class ArrivalReader {
  readonly #orientationId: number | undefined;
  readonly #audioLevelId: number | undefined;

  /** @param extensions URIs by id, as in `SessionDescription` */
  constructor(extensions: ReadonlyMap<number, string> | undefined) {
    for (const [id, uri] of extensions ?? []) {
      if (uri === VIDEO_ORIENTATION_URI) this.#orientationId = id;
      if (uri === AUDIO_LEVEL_URI) this.#audioLevelId = id;
    }
  }

  read(packet: RtpPacket, sequence: number, receivedMs: number): Arrival {
    return {
      sequence,
      timestamp: packet.timestamp,
      receivedMs,
      marker: packet.marker,
      payload: packet.payloadLength === 0 ? undefined : packet.payload,
      rotation: this.#rotationOf(packet),
      audioLevel: this.#audioLevelOf(packet),
      recovered: false,
      detoured: false,
    };
  }

  #rotationOf(packet: RtpPacket): Rotation | undefined {
    if (this.#orientationId === undefined) return undefined;
    const data = packet.extension(this.#orientationId);
    return data === undefined ? undefined : parseVideoOrientation(data);
  }

  #audioLevelOf(packet: RtpPacket): AudioLevel | undefined {
    if (this.#audioLevelId === undefined) return undefined;
    const data = packet.extension(this.#audioLevelId);
    return data === undefined ? undefined : parseAudioLevel(data);
  }
}
