export {
  type AudioCodec,
  CODECS,
  type Codec,
  codecOfMime,
  containersOf,
  type VideoCodec,
} from './codec.ts';
export * from './codecs/index.ts';
export { FecRecovery, type RebuiltPacket } from './order/fec/fec-recovery.ts';
export { HeldMedia, type ProtectedHeader } from './order/fec/held-media.ts';
export { type LateExtension, lateExtensions } from './order/fec/late-extensions.ts';
export type * from './order/media-packet.ts';
export { MediaStream } from './order/media-stream.ts';
export type { MediaStreamOptions } from './order/media-stream-options.ts';
export { type PushOutcome, ReorderBuffer, type ReorderOptions } from './order/reorder-buffer.ts';
export type { StreamReport } from './order/report-book.ts';
export type { RunInfo, RunReason } from './order/run-info.ts';
export type { StreamStatistics } from './order/statistics.ts';
export { sequenceDistance, timestampDistance, unwrapSequence, unwrapTimestamp } from './order/unwrap.ts';
export { AUDIO_LEVEL_URI, parseAudioLevel } from './packet/audio-level.ts';
export { blankRtcp } from './packet/blank-rtcp.ts';
export type { FecLevel, FecPacket, ParseFec } from './packet/fec/fec-packet.ts';
export { FEC_SCHEMES } from './packet/fec/fec-schemes.ts';
export { parseRed, type RedBlock, type RedPayload } from './packet/red.ts';
export {
  isRtcp,
  ntpToUnixMs,
  parseRtcpCompound,
  type RtcpCompound,
  type SenderReport,
} from './packet/rtcp.ts';
export { parseRtpPacket, type RtpFault, RtpPacket } from './packet/rtp-packet.ts';
export { parseVideoOrientation, VIDEO_ORIENTATION_URI } from './packet/video-orientation.ts';
export { Queue } from './queue.ts';
export { ArrivalOrder, type ContradictedTimes } from './rtpdump/arrival-order.ts';
export { readRtpdump } from './rtpdump/read-rtpdump.ts';
export { RtpdumpError, type RtpdumpErrorCode } from './rtpdump/rtpdump-error.ts';
export {
  type RtpdumpEnding,
  type RtpdumpHeader,
  RtpdumpReader,
  type RtpdumpRecord,
} from './rtpdump/rtpdump-reader.ts';
export {
  type MediaKind,
  type PayloadFormat,
  type PayloadRole,
  parseMediaSections,
  parseSessionDescription,
  type SessionDescription,
  type WantedSection,
} from './sdp/session-description.ts';
