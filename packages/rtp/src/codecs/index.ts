export { blankPayload } from './blank-payload.ts';
export { createDepacketizer, type DepacketizerOptions } from './create-depacketizer.ts';
export type * from './depacketizer.ts';
export { avcParameterSets } from './h264/avc-configuration.ts';
export type { ParameterSetPolicy } from './h264/parameter-sets.ts';
export {
  OPUS_SHORTEST_TICKS,
  type OpusFiller,
  opusConcealment,
  opusDtxPacket,
  opusSilence,
  opusSilencePacket,
  opusSilences,
} from './opus/opus-filler.ts';
export { opusHead } from './opus/opus-head.ts';
export { opusChannels, opusDurationTicks, opusFrameTicks } from './opus/opus-packet.ts';
export { opusVoice } from './opus/opus-voice.ts';
export { type PayloadLayers, payloadLayers } from './payload-layers.ts';
export { startsKeyFrame } from './starts-key-frame.ts';
