import type { CodedFrame } from '@rawreel/rtp';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TimedFrame } from '../read/timed-frame.ts';
import { TrackFrames } from '../read/track-frames.ts';
import { type MixPacket, TICKS_PER_MS } from './mix-source.ts';

/** A decoder has come to itself by then (RFC 7845 §4.6 asks for 80 ms); what is before that is not heard. */
const RUN_UP_MS = 1000;

/** The packets of an Opus track on a clock whose zero is `zeroUnixMs`, a chunk's worth at a time. One file is open meanwhile. */
export async function* packetsOf(
  placed: PlacedTrack,
  zeroUnixMs: number,
  reading: ReadingOptions,
): AsyncGenerator<readonly MixPacket[], void> {
  for await (const batch of new TrackFrames(placed, reading).batches()) {
    const heard = batch.filter(({ unixMs }) => unixMs >= zeroUnixMs - RUN_UP_MS);
    yield heard.map(({ frame, msPerTick, unixMs, boundary }: TimedFrame) => ({
      atMs: unixMs - zeroUnixMs,
      rate: msPerTick * TICKS_PER_MS,
      bytes: bytesOf(frame),
      lossBefore: frame.lossBefore,
      continues: boundary === 'none',
      level: frame.audioLevel?.level,
    }));
  }
}

function bytesOf({ chunks }: CodedFrame): Uint8Array {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(chunks);
}
