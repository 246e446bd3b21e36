import type { CodedFrame } from '@rawreel/rtp';
import type { ReadingOptions } from '../scan/open-dump.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import { type TimedFrame, TrackFrames } from '../write/track-frames.ts';
import { type MixPacket, SAMPLES_PER_MS } from './mix-source.ts';

/** The packets of an Opus track on a clock whose zero is `zeroUnixMs`, a chunk's worth at a time. One file is open meanwhile. */
export async function* packetsOf(
  placed: PlacedTrack,
  zeroUnixMs: number,
  reading: ReadingOptions,
): AsyncGenerator<readonly MixPacket[], void> {
  for await (const batch of new TrackFrames(placed, reading).batches()) {
    yield batch.map(({ frame, msPerTick, unixMs, boundary }: TimedFrame) => ({
      atMs: unixMs - zeroUnixMs,
      rate: msPerTick * SAMPLES_PER_MS,
      bytes: bytesOf(frame),
      lossBefore: frame.lossBefore,
      continues: boundary === 'none',
    }));
  }
}

function bytesOf({ chunks }: CodedFrame): Uint8Array {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(chunks);
}
