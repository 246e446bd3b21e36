/** Element ids of RFC 9559 §5 and RFC 8794 §11, as far as a walk needs them. */
export const EBML = 0x1a45dfa3;
export const DOC_TYPE = 0x4282;
export const SEGMENT = 0x18538067;
export const INFO = 0x1549a966;
export const TIMESTAMP_SCALE = 0x2ad7b1;
export const DURATION = 0x4489;
export const TRACKS = 0x1654ae6b;
export const TRACK_ENTRY = 0xae;
export const TRACK_NUMBER = 0xd7;
export const TRACK_TYPE = 0x83;
export const CODEC_ID = 0x86;
export const CLUSTER = 0x1f43b675;
export const TIMESTAMP = 0xe7;
export const SIMPLE_BLOCK = 0xa3;
export const BLOCK_GROUP = 0xa0;
export const BLOCK = 0xa1;
export const BLOCK_DURATION = 0x9b;
export const REFERENCE_BLOCK = 0xfb;
export const CUES = 0x1c53bb6b;
export const CUE_POINT = 0xbb;
export const CUE_TRACK_POSITIONS = 0xb7;
export const CUE_CLUSTER_POSITION = 0xf1;

const SEEK_HEAD = 0x114d9b74;
const TAGS = 0x1254c367;
const CHAPTERS = 0x1043a770;
const ATTACHMENTS = 0x1941a469;

/** Children of Segment: each ends a Cluster of unknown size. */
export const SEGMENT_CHILDREN: ReadonlySet<number> = new Set([
  ...[SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, TAGS, CHAPTERS, ATTACHMENTS],
]);
