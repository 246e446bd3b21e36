import { MixBus } from '../../src/mix/mix-bus.ts';
import { planMix } from '../../src/mix/mix-plan.ts';
import { SAMPLE_RATE } from '../../src/mix/mix-source.ts';
import type { PlacedTrack } from '../../src/read/placed-track.ts';

export interface PcmOptions {
  readonly maxEntrySize?: number;
  readonly signal?: AbortSignal;
}

/**
 * One track as it is heard: mono blocks at 48 kHz, a second each, from `zeroUnixMs` to where its last packet ends, with
 * silence where there is nothing. Nothing is limited: samples may lie beyond ±1.
 */
export async function* pcmOf(
  placed: PlacedTrack,
  zeroUnixMs: number,
  { signal, ...reading }: PcmOptions = {},
): AsyncGenerator<Float32Array, void> {
  const plan = planMix([placed], { format: 'wav', layout: 'mono', zeroUnixMs });
  const bus = new MixBus({ ...plan, ...reading, zeroUnixMs }, signal);
  try {
    for (let from = 0; from < plan.samples; from += SAMPLE_RATE) {
      signal?.throwIfAborted();
      const to = Math.min(plan.samples, from + SAMPLE_RATE);
      const [block] = await bus.window(from, to);
      yield block ?? new Float32Array(to - from);
    }
  } finally {
    await bus.close();
  }
}
