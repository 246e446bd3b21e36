import { RtpdumpReader } from '@rawreel/rtp';
import type { Plan } from '../plan/plan.ts';
import { openDump } from '../read/open-dump.ts';
import type { RunOptions } from './run-options.ts';

/** Where no metadata has a usable time, the dumps' own headers tell when the first of them was begun, unix ms. */
export async function earliestDumpStart(
  plan: Plan,
  options: Pick<RunOptions, 'maxEntrySize' | 'signal' | 'fetch'>,
): Promise<number> {
  const starts: number[] = [];
  for (const { dump } of plan.tracks.flatMap(({ segments }) => segments)) {
    if (dump === undefined) continue;
    const reader = new RtpdumpReader();
    try {
      await options.fetch?.([dump], options.signal);
      for await (const chunk of openDump(dump, options)) {
        reader.push(chunk);
        reader.next();
        if (reader.header !== undefined) break;
      }
    } catch {
      options.signal?.throwIfAborted();
      continue;
    }
    if (reader.header !== undefined) starts.push(reader.header.startUnixMs);
  }
  return starts.length === 0
    ? (plan.call.startMs ?? 0)
    : starts.reduce((first, start) => Math.min(first, start), Number.POSITIVE_INFINITY);
}
