import type { Cue } from '../transcription.ts';
import { type Fields, listOf, msOf, textOf } from './fields.ts';

/** 100 ns. */
const TICK = 1e-4;

/** Azure, batch transcription: phrases in ticks. */
export const cuesOfAzureBatch = ({ recognizedPhrases }: Fields): Cue[] =>
  listOf(recognizedPhrases).map(({ offsetInTicks, durationInTicks, nBest }) => {
    const startMs = msOf(offsetInTicks, TICK);
    const text = textOf(listOf(nBest)[0]?.['display']) ?? '';
    return { startMs, endMs: startMs + msOf(durationInTicks, TICK), text };
  });

/** Azure, fast transcription: phrases in ms. */
export const cuesOfAzureFast = ({ phrases }: Fields): Cue[] =>
  listOf(phrases).map(({ offsetMilliseconds, durationMilliseconds, text }) => {
    const startMs = msOf(offsetMilliseconds, 1);
    return { startMs, endMs: startMs + msOf(durationMilliseconds, 1), text: textOf(text) ?? '' };
  });
