import { opusDurationTicks } from '@rawreel/rtp';
import { TICKS_PER_MS } from './mix-source.ts';
import type { PacketQueue } from './packet-queue.ts';

/**
 * While it keeps silent, libopus sends its background noise every 400 ms: two packets, of up to 60 ms. After speech it
 * goes on for 200 ms, so no word is as short.
 */
const LONGEST_REFRESH = 120 * TICKS_PER_MS;

/** Pauses on both sides that no encoder leaves but for silence. */
export const LEAST_PAUSE_MS = 100;

/**
 * How many of the next packets, which follow a pause, are such a refresh. Heard between stretches
 * of digital silence they would be a pulse.
 */
export async function refreshLength(queue: PacketQueue): Promise<number> {
  await queue.read(1);
  const first = queue.peek();
  if (first === undefined || !first.continues || first.lossBefore > 0) return 0;
  const start = first.atMs * TICKS_PER_MS;
  let last = first;
  for (let count = 1; ; count++) {
    const end = last.atMs * TICKS_PER_MS + (opusDurationTicks(last.bytes) ?? 0);
    if (!queue.knows(count + 1)) await queue.read(count + 1);
    const next = queue.peek(count);
    if (next === undefined || !next.continues || next.lossBefore > 0 || end - start > LONGEST_REFRESH)
      return 0;
    if (next.atMs * TICKS_PER_MS - end >= LEAST_PAUSE_MS * TICKS_PER_MS) return count;
    last = next;
  }
}
