import type { VideoCodec } from '../codec.ts';
import type { AudioLevel, MediaPacket, Rotation } from '../order/media-packet.ts';

export interface OpusParameters {
  readonly codec: 'opus';
  readonly channels: 1 | 2;
  /** OpusHead (RFC 7845 §5.1), pre-skip 0: a capture that starts mid-call has no encoder delay to skip. */
  readonly codecPrivate: Uint8Array;
}

/** What a decoder and a container need to know of a video stream; all of it read from the bitstream. */
export interface VideoParameters {
  readonly codec: VideoCodec;
  /** Pixels of the displayed frame. */
  readonly width: number;
  readonly height: number;
  /** As the codec numbers it: VP8 0–3, VP9 0–3, H264 profile_idc, AV1 seq_profile. */
  readonly profile: number;
  readonly bitDepth: 8 | 10 | 12;
  readonly chroma: '4:0:0' | '4:2:0' | '4:2:2' | '4:4:0' | '4:4:4';
  /** avcC (ISO/IEC 14496-15 §5.3.3.1) or av1C (AV1 in ISOBMFF §2.3); vpcC-like data is not needed for VP8 and VP9. */
  readonly codecPrivate?: Uint8Array;
}

export type CodecParameters = OpusParameters | VideoParameters;

/** One whole coded frame, decodable in order after the frames before it. */
export interface CodedFrame {
  readonly run: number;
  /** Unwrapped RTP timestamp. */
  readonly rtpTicks: number;
  /** Receive time of its last packet, ms since the dump's start. */
  readonly receivedMs: number;
  /** Samples per channel at 48 kHz for Opus; absent for video, whose frames last until the next. */
  readonly durationTicks?: number;
  readonly keyFrame: boolean;
  /** Video: is shown before a frame that was given out earlier (a B-frame), so that its timestamp is rightly the smaller one. */
  readonly shownEarlier?: boolean;
  /** The frame's bytes in order, as pieces: views on what was read, joined only by the writer. */
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  /** Packets lost since the frame emitted before this one. */
  readonly lossBefore: number;
  /** The same object as long as nothing changed. */
  readonly parameters: CodecParameters;
  /** Orientation in force for this frame; 0 where the stream never said. */
  readonly rotation: Rotation;
  /** Audio whose packet carries it. */
  readonly audioLevel?: AudioLevel;
}

export interface DepacketizerStatistics {
  /** Whole frames given out. */
  framesEmitted: number;
  /** Whole frames given out that no decoder takes, as far as their headers tell: encrypted, perhaps. */
  framesInvalid: number;
  /** Frames with a hole or an end missing. */
  framesIncomplete: number;
  /** Whole frames that depend on one that is not, left out too. */
  framesUndecodable: number;
  /** Whole frames before the first key frame of the stream. */
  framesBeforeKeyFrame: number;
  /** Payloads that break their payload format. */
  packetsMalformed: number;
}

/**
 * The one face of all payload formats: push packets in order, pull frames until there is none, flush at the end.
 * Never throws on what a packet contains: it counts.
 */
export interface Depacketizer {
  push(packet: MediaPacket): void;
  pull(): CodedFrame | undefined;
  /** No more packets come: gives out the last frame if it is whole. Frames may then be pulled. */
  flush(): void;
  readonly parameters: CodecParameters | undefined;
  readonly statistics: Readonly<DepacketizerStatistics>;
  /** H264: whole frames left out because the SPS or PPS that they name was never seen. */
  readonly framesWithoutParameterSets?: number;
}
