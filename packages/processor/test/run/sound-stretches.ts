import type { HeardAudio } from '@rawreel/fixtures/judge';
import type { Turn } from '../../src/speech/turn-builder.ts';

const BLOCK_MS = 10;
/** Between the room of generated speech and its quietest syllables. */
const LEVEL = 0.006;
/** Syllables and breaths of one stretch are no farther apart. */
const PAUSE_MS = 300;

/** When something is to be heard, by nothing but its level: ms in the file. */
export function soundStretches({ pcm, sampleRate, startMs }: HeardAudio): Turn[] {
  const block = (sampleRate * BLOCK_MS) / 1000;
  const stretches: Turn[] = [];
  for (let from = 0; from + block <= pcm.length; from += block) {
    const energy = pcm.subarray(from, from + block).reduce((sum, sample) => sum + sample * sample, 0);
    if (Math.sqrt(energy / block) < LEVEL) continue;
    const atMs = startMs + (from / sampleRate) * 1000;
    const last = stretches.at(-1);
    const isNear = last !== undefined && atMs - last.endMs < PAUSE_MS;
    const turn = { startMs: isNear ? last.startMs : atMs, endMs: atMs + BLOCK_MS };
    stretches.splice(isNear ? -1 : stretches.length, 1, turn);
  }
  return stretches;
}
