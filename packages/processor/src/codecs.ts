import type { Codec } from '@rawreel/rtp';

interface KnownCodec {
  readonly kind: 'audio' | 'video';
  /** As people write it. */
  readonly name: string;
  /** Encoding names of MIME types and SDPs, in lower case; `av1x` is AV1 before it was final. */
  readonly encodings: readonly string[];
}

/** All codecs that outputs can be made of. */
const CODECS: Readonly<Record<Codec, KnownCodec>> = {
  opus: { kind: 'audio', name: 'Opus', encodings: ['opus'] },
  vp8: { kind: 'video', name: 'VP8', encodings: ['vp8'] },
  vp9: { kind: 'video', name: 'VP9', encodings: ['vp9'] },
  h264: { kind: 'video', name: 'H264', encodings: ['h264'] },
  av1: { kind: 'video', name: 'AV1', encodings: ['av1', 'av1x'] },
};

const BY_MIME: ReadonlyMap<string, Codec> = new Map(
  (Object.entries(CODECS) as [Codec, KnownCodec][]).flatMap(([codec, { kind, encodings }]) =>
    encodings.map((encoding) => [`${kind}/${encoding}`, codec] as const),
  ),
);

/** The codec of a MIME type in any letter case; undefined where it is none of ours. */
export const codecOfMime = (mime: string): Codec | undefined => BY_MIME.get(mime.toLowerCase());

export const kindOf = (codec: Codec): 'audio' | 'video' => CODECS[codec].kind;

export const nameOf = (codec: Codec): string => CODECS[codec].name;
