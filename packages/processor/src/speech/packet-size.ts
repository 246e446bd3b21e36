import { LOUDNESS_STEPS } from './adaptive-threshold.ts';

/** A TOC byte, or two: the encoder had nothing to send (DTX). */
const DTX_BYTES = 2;

/** 3.2 kbit/s. Opus codes speech from 6 kbit/s (RFC 6716 §2.1.1); digital silence costs CELT three bytes. */
const SILENT_BYTES_PER_MS = 0.4;

/** Loudness steps for each doubling of the bytes. */
export const STEPS_PER_DOUBLING = 20;

/** The lowest rate that has a step of its own. */
const FIRST_BYTES_PER_MS = 0.1;

/** Whether so few bytes can hold no sound. */
export const isSilentSize = (byteLength: number, durationMs: number): boolean =>
  byteLength <= DTX_BYTES || byteLength < SILENT_BYTES_PER_MS * durationMs;

/** What an encoder spends, as a loudness. */
export function sizeLoudness(byteLength: number, durationMs: number): number {
  const doublings = Math.log2(byteLength / Math.max(1, durationMs) / FIRST_BYTES_PER_MS);
  return Math.max(0, Math.min(LOUDNESS_STEPS - 1, Math.round(STEPS_PER_DOUBLING * doublings)));
}
