/** Codec names as SDP and most libraries spell them → Matroska codec ids (draft-ietf-cellar-codec). */
export const CODEC_IDS = {
  opus: 'A_OPUS',
  pcm: 'A_PCM/INT/LIT',
  vp8: 'V_VP8',
  vp9: 'V_VP9',
  h264: 'V_MPEG4/ISO/AVC',
  av1: 'V_AV1',
} as const;
