import { type Mismatch, seconds } from './mismatch.ts';
import type { End } from './track-extent.ts';

/** Ends are rounded to milliseconds, once as a time and once as a duration. */
const ROUNDING_MS = 2;

/** A packet of the usual 20 ms, by which taking up drift may move an end, and less than half of one for rounding. */
const PACKET_MS = 27;

/** An encoder's look-ahead in front and its last frame behind: MP3 needs most, two frames of 26 ms. */
export const ENCODER_MS = 60;

/** Video and audio of one file, each by its median deviation, may be this far apart. */
const AV_OFFSET_MS = 5;

export interface Lengths {
  readonly claimedMs: number | undefined;
  /** Where the file's last block ends. */
  readonly held: End | undefined;
  /** Where the source's last frame ends. */
  readonly source: End | undefined;
  /** What the caller knows of an encoder's work. */
  readonly encodedMs: number | undefined;
}

/** The length that a container claims, against its blocks; and its blocks against the source. */
export function lengthMismatches({ claimedMs, held, source, encodedMs }: Lengths): Mismatch[] {
  const found: Mismatch[] = [];
  const say = (message: string) => found.push({ what: 'duration', message });
  if (claimedMs !== undefined) {
    const blocks = held ?? { leastMs: 0, mostMs: 0 };
    if (!within(claimedMs, blocks, encodedMs === undefined ? ROUNDING_MS : ENCODER_MS))
      say(`the container claims ${seconds(claimedMs)}, its blocks end at ${seconds(blocks.leastMs)}`);
  }
  if (source !== undefined) {
    const reachMs = held?.leastMs ?? 0;
    if (reachMs < source.leastMs - PACKET_MS || reachMs > source.mostMs + PACKET_MS)
      say(`its blocks end at ${seconds(reachMs)}, the source at ${seconds(source.leastMs)}`);
  }
  const lengthMs = claimedMs ?? held?.mostMs ?? 0;
  if (encodedMs !== undefined && !(Math.abs(lengthMs - encodedMs) <= ENCODER_MS))
    say(`it lasts ${seconds(lengthMs)}, and should last ${seconds(encodedMs)}`);
  return found;
}

const within = (ms: number, { leastMs, mostMs }: End, tolerance: number): boolean =>
  ms >= leastMs - tolerance && ms <= mostMs + tolerance;

/** How far the tracks of a file are apart, each measured against its source. */
export function offsetMismatches(deviations: readonly { kind: string; deviationMs: number }[]): Mismatch[] {
  const values = deviations.map(({ deviationMs }) => deviationMs);
  const apartMs = Math.max(...values) - Math.min(...values);
  if (deviations.length < 2 || apartMs < AV_OFFSET_MS) return [];
  const each = deviations
    .map(({ kind, deviationMs }) => `${kind} by ${deviationMs.toFixed(1)} ms`)
    .join(', ');
  return [{ what: 'av-offset', message: `tracks are ${apartMs.toFixed(1)} ms apart: late are ${each}` }];
}
