import { opusVoice } from '@rawreel/rtp';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TimedFrame } from '../read/timed-frame.ts';
import { TrackFrames } from '../read/track-frames.ts';
import { type Evidence, SpeechDetector, type SpeechPacket } from './speech-detector.ts';
import type { Turn } from './turn-builder.ts';

/** When somebody spoke in one audio track, ms since the recording's zero. */
export interface TrackTurns {
  readonly turns: readonly Turn[];
  readonly evidence: Evidence;
}

const TICKS_PER_MS = 48;

/** Reads an Opus track's frames and finds the turns in them; sound from before the zero is left out. */
export async function turnsOf(
  placed: PlacedTrack,
  zeroUnixMs: number,
  reading: ReadingOptions,
): Promise<TrackTurns> {
  const detector = new SpeechDetector();
  for await (const batch of new TrackFrames(placed, reading).batches()) {
    for (const timed of batch) detector.push(speechPacket(timed, zeroUnixMs));
  }
  const turns = detector.finish().flatMap(afterZero);
  return { turns, evidence: detector.evidence };
}

function speechPacket({ frame, unixMs }: TimedFrame, zeroUnixMs: number): SpeechPacket {
  const { audioLevel, byteLength, chunks, durationTicks = 0 } = frame;
  const voice = chunks[0] === undefined ? undefined : opusVoice(chunks[0]);
  return {
    atMs: unixMs - zeroUnixMs,
    durationMs: durationTicks / TICKS_PER_MS,
    byteLength,
    audioLevel,
    voice,
  };
}

const afterZero = ({ startMs, endMs }: Turn): Turn[] =>
  endMs > 0 ? [{ startMs: Math.max(0, startMs), endMs }] : [];
