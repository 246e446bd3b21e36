/**
 * The codecs of a raw recording. A new one is a row here and a depacketizer; what else it needs, the compiler asks for.
 *
 * - `kind`: of media.
 * - `name`: as people write it.
 * - `encodings`: names in SDPs and MIME types, in lower case; `av1x` is AV1 before its payload format was final.
 * - `clockRate`: ticks per second of the RTP timestamps.
 * - `containers`: files that hold it as it is.
 */
export const CODECS = {
  opus: {
    kind: 'audio',
    name: 'Opus',
    encodings: ['opus'],
    clockRate: 48_000,
    containers: ['mkv', 'mp4', 'webm'],
  },
  vp8: {
    kind: 'video',
    name: 'VP8',
    encodings: ['vp8'],
    clockRate: 90_000,
    containers: ['mkv', 'webm'],
  },
  vp9: {
    kind: 'video',
    name: 'VP9',
    encodings: ['vp9'],
    clockRate: 90_000,
    containers: ['mkv', 'mp4', 'webm'],
  },
  h264: {
    kind: 'video',
    name: 'H264',
    encodings: ['h264'],
    clockRate: 90_000,
    containers: ['mkv', 'mp4'],
  },
  av1: {
    kind: 'video',
    name: 'AV1',
    encodings: ['av1', 'av1x'],
    clockRate: 90_000,
    containers: ['mkv', 'mp4', 'webm'],
  },
} as const satisfies Readonly<Record<string, CodecFacts>>;

type HoldingContainer = 'mkv' | 'mp4' | 'webm';

export interface CodecFacts {
  readonly kind: 'audio' | 'video';
  readonly name: string;
  readonly encodings: readonly string[];
  readonly clockRate: number;
  readonly containers: readonly HoldingContainer[];
}

type OfKind<Kind> = {
  [Name in keyof typeof CODECS]: (typeof CODECS)[Name]['kind'] extends Kind ? Name : never;
}[keyof typeof CODECS];

export type AudioCodec = OfKind<'audio'>;
export type VideoCodec = OfKind<'video'>;
export type Codec = AudioCodec | VideoCodec;

const BY_MIME: ReadonlyMap<string, Codec> = new Map(
  (Object.keys(CODECS) as Codec[]).flatMap((codec) => {
    const { kind, encodings }: CodecFacts = CODECS[codec];
    return encodings.map((encoding) => [`${kind}/${encoding}`, codec] as const);
  }),
);

/** The codec of a MIME type, in any letter case; undefined where it is none of ours. */
export const codecOfMime = (mime: string): Codec | undefined => BY_MIME.get(mime.toLowerCase());

/** Files that hold a codec as it is. */
export const containersOf = (codec: Codec): readonly HoldingContainer[] => CODECS[codec].containers;
