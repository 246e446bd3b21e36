import type { Codec } from '../../src/codec.ts';
import type { MediaPacket } from '../../src/order/media-packet.ts';
import { MediaStream } from '../../src/order/media-stream.ts';
import type { MediaStreamOptions } from '../../src/order/media-stream-options.ts';
import type { RtpdumpRecord } from '../../src/rtpdump/rtpdump-reader.ts';
import { parseSessionDescription } from '../../src/sdp/session-description.ts';

export interface Wire {
  readonly at: number;
  readonly seq: number;
  readonly ts: number;
  readonly ssrc?: number;
  readonly pt?: number;
  readonly marker?: boolean;
  readonly payload?: readonly number[];
  readonly padding?: number;
  /** One byte of video orientation, as extension 13. */
  readonly orientation?: number;
  /** One byte of audio level, as extension 1. */
  readonly level?: number;
  readonly extensionForm?: 'one-byte' | 'two-byte';
}

export const MEDIA_SSRC = 0xa;
export const RTX_SSRC = 0xb;

export const VIDEO_SDP = parseSessionDescription(
  [
    'm=video 9 RTP/AVP 96 97 98 99',
    'a=rtpmap:96 VP8/90000',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    'a=rtpmap:98 red/90000',
    'a=rtpmap:99 ulpfec/90000',
    'a=extmap:13 urn:3gpp:video-orientation',
  ].join('\r\n'),
);

export const AUDIO_SDP = parseSessionDescription(
  [
    'm=audio 9 RTP/AVP 63 111 13',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:63 red/48000/2',
    'a=fmtp:63 111/111',
    'a=rtpmap:13 CN/8000',
    'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  ].join('\n'),
);

/** An RTP record. The payload, unless given, holds the low byte of the sequence number. */
export function rtp(wire: Wire): RtpdumpRecord {
  const { at, seq, ts, ssrc = MEDIA_SSRC, pt = 96, marker = false, padding = 0 } = wire;
  const payload = wire.payload ?? (padding > 0 ? [] : [seq & 255]);
  const extension = extensionOf(wire);
  const first = 0x80 | (padding > 0 ? 0x20 : 0) | (extension.length > 0 ? 0x10 : 0);
  const pad = padding > 0 ? [...new Array<number>(padding - 1).fill(0), padding] : [];
  const bytes = new Uint8Array([
    first,
    (marker ? 0x80 : 0) | pt,
    ...u16(seq),
    ...u32(ts),
    ...u32(ssrc),
    ...extension,
    ...payload,
    ...pad,
  ]);
  return { offsetMs: at, kind: 'rtp', bytes, position: 0, truncated: false };
}

function extensionOf({ orientation, level, extensionForm = 'one-byte' }: Wire): number[] {
  const elements = [
    { id: 13, byte: orientation },
    { id: 1, byte: level },
  ].flatMap(({ id, byte }) => {
    if (byte === undefined) return [];
    return extensionForm === 'one-byte' ? [id << 4, byte] : [id, 1, byte];
  });
  if (elements.length === 0) return [];
  const words = Math.ceil(elements.length / 4);
  const profile = extensionForm === 'one-byte' ? [0xbe, 0xde] : [0x10, 0x00];
  const padding = new Array<number>(4 * words - elements.length).fill(0);
  return [...profile, ...u16(words), ...elements, ...padding];
}

/** The same packet as a retransmission. */
export function rtx(at: number, original: Wire, seq: number): RtpdumpRecord {
  const payload = original.payload ?? [original.seq & 255];
  return rtp({ ...original, at, seq, ssrc: RTX_SSRC, pt: 97, payload: [...u16(original.seq), ...payload] });
}

/** A sender report; `unixMs` counts whole seconds. */
export function report(at: number, ssrc: number, unixMs: number, ts: number): RtpdumpRecord {
  const seconds = unixMs / 1000 + 2_208_988_800;
  const body = [...u32(ssrc), ...u32(seconds), ...u32(0), ...u32(ts), ...u32(1), ...u32(1)];
  const bytes = new Uint8Array([0x80, 200, 0, 6, ...body]);
  return { offsetMs: at, kind: 'rtcp', bytes, position: 0, truncated: false };
}

export function videoStream(options: Partial<MediaStreamOptions> = {}): MediaStream {
  return new MediaStream({ description: VIDEO_SDP, codec: 'vp8', clockRate: 90_000, ...options });
}

export function audioStream(options: Partial<MediaStreamOptions> = {}): MediaStream {
  const codec: Codec = 'opus';
  return new MediaStream({ description: AUDIO_SDP, codec, clockRate: 48_000, ...options });
}

/** Pushes all, flushes, and returns what comes out on the way and at the end. */
export function run(stream: MediaStream, records: readonly RtpdumpRecord[]): MediaPacket[] {
  const packets: MediaPacket[] = [];
  for (const record of records) {
    stream.push(record);
    take(stream, packets);
  }
  stream.flush();
  take(stream, packets);
  return packets;
}

export function take(stream: MediaStream, into: MediaPacket[] = []): MediaPacket[] {
  for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) into.push(packet);
  return into;
}

/** Video at 30 frames a second, one packet per frame, from frame `from` on. */
export function frames(from: number, count: number, more: Partial<Wire> = {}): Wire[] {
  return Array.from({ length: count }, (_, index) => {
    const frame = from + index;
    return { at: frame * 33, seq: frame, ts: frame * 3000, ...more };
  });
}

function u16(value: number): number[] {
  return [(value >> 8) & 255, value & 255];
}

function u32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
