export { createDepacketizer, type DepacketizerOptions } from './create-depacketizer.ts';
export type * from './depacketizer.ts';
export type { ParameterSetPolicy } from './h264/parameter-sets.ts';
export { type OpusFiller, opusDtxPacket, opusSilence, opusSilencePacket } from './opus/opus-filler.ts';
export { opusHead } from './opus/opus-head.ts';
export { opusChannels, opusDurationTicks, opusFrameTicks } from './opus/opus-packet.ts';
export { opusVoice } from './opus/opus-voice.ts';
