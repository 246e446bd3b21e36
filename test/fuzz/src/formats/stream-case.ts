import type { Codec } from '@rawreel/rtp';
import { joined } from '../engine/mutate-bytes.ts';
import type { Framing } from '../engine/target.ts';
import { dumpFraming } from './dump-records.ts';

/**
 * What a segment is made of, as one input.
 *
 *      | codec and options | SDP length (16) | SDP | rtpdump … |
 *
 *      +-+-+-+-+-+-+-+-+
 *      |S|W|- - -|codec|   S: without the SDP · W: narrow windows, so that a short dump exceeds them
 *      +-+-+-+-+-+-+-+-+
 */
export interface StreamCase {
  readonly codec: Codec;
  readonly withoutSdp: boolean;
  readonly narrow: boolean;
  readonly sdp: string;
  readonly dump: Uint8Array;
}

export const STREAM_CODECS: readonly Codec[] = ['opus', 'vp8', 'vp9', 'h264', 'av1'];

const PREFIX = 3;

export function readStreamCase(bytes: Uint8Array): StreamCase {
  const options = bytes[0] ?? 0;
  const at = dumpStart(bytes);
  return {
    codec: STREAM_CODECS[(options & 7) % STREAM_CODECS.length] as Codec,
    withoutSdp: (options & 0x80) !== 0,
    narrow: (options & 0x40) !== 0,
    sdp: Buffer.from(bytes.subarray(PREFIX, at)).toString('utf8'),
    dump: bytes.subarray(at),
  };
}

export function writeStreamCase(
  codec: Codec,
  sdp: string,
  dump: Uint8Array,
  options: { readonly withoutSdp?: boolean; readonly narrow?: boolean } = {},
): Uint8Array {
  const text = Buffer.from(sdp, 'utf8');
  const flags = (options.withoutSdp === true ? 0x80 : 0) | (options.narrow === true ? 0x40 : 0);
  const first = flags | STREAM_CODECS.indexOf(codec);
  return joined(Uint8Array.of(first, text.length >> 8, text.length), text, dump);
}

function dumpStart(bytes: Uint8Array): number {
  const length = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  return Math.min(bytes.length, PREFIX + length);
}

/** The dump's records, behind all that comes before them. */
export const streamCaseFraming: Framing = {
  split(bytes) {
    const at = dumpStart(bytes);
    const { head, parts } = dumpFraming.split(bytes.subarray(at));
    return { head: bytes.subarray(0, at + head.length), parts };
  },
  join: (head, parts) => dumpFraming.join(head, parts),
};
