import type { Codec, OpusParameters, VideoParameters } from '@rawreel/rtp';
import type { TimedCodedFrame } from '../expectation.ts';
import { FLV_LEAD_MS, FlvStream } from './flv.ts';
import { IvfStream } from './ivf.ts';
import { OggStream } from './ogg.ts';

/** The simplest container that ffmpeg reads a codec from, by ffmpeg's name. */
const FORMAT_OF = { opus: 'ogg', vp8: 'ivf', vp9: 'ivf', av1: 'ivf', h264: 'flv' } as const satisfies Record<
  Codec,
  string
>;

export interface BareStream {
  readonly format: (typeof FORMAT_OF)[Codec];
  readonly bytes: AsyncIterable<Uint8Array>;
  /** By how much later than in the file its pictures are shown. */
  readonly leadMs: number;
}

/**
 * A source's frames for a decoder and nothing else: no filler, nothing that a file's writer has done. Undefined
 * where there is no frame.
 */
export async function bareStream(
  source: AsyncIterable<readonly TimedCodedFrame[]>,
): Promise<BareStream | undefined> {
  const batches = source[Symbol.asyncIterator]();
  for (let next = await batches.next(); !next.done; next = await batches.next()) {
    const [first] = next.value;
    if (first === undefined) continue;
    const { codec } = first.frame.parameters;
    const leadMs = codec === 'h264' ? FLV_LEAD_MS : 0;
    return { format: FORMAT_OF[codec], bytes: bytesOf(first, next.value, batches), leadMs };
  }
  return undefined;
}

async function* bytesOf(
  { frame: { parameters } }: TimedCodedFrame,
  begin: readonly TimedCodedFrame[],
  batches: AsyncIterator<readonly TimedCodedFrame[]>,
): AsyncGenerator<Uint8Array, void> {
  const stream = streamFor(parameters.codec);
  // In one piece: many small writes cost more than the copy.
  const joined = (batch: readonly TimedCodedFrame[]) =>
    Buffer.concat(batch.flatMap(({ frame, atMs }) => stream.frame(frame, atMs)));
  try {
    yield stream.head(parameters as VideoParameters & OpusParameters);
    yield joined(begin);
    for (let next = await batches.next(); !next.done; next = await batches.next()) yield joined(next.value);
  } finally {
    await batches.return?.();
  }
}

function streamFor(codec: Codec): IvfStream | FlvStream | OggStream {
  switch (codec) {
    case 'opus':
      return new OggStream();
    case 'h264':
      return new FlvStream();
    case 'vp8':
    case 'vp9':
    case 'av1':
      return new IvfStream(codec);
    default:
      return codec satisfies never;
  }
}
