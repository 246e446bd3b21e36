export type * from './codecs/depacketizer.ts';
export type * from './order/media-packet.ts';
