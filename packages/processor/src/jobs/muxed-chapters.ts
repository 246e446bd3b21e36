import { type Chapter, chaptersOf, type Moment, SHORTEST_MS } from '../composite/chapters.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { fileZeroOf } from '../write/media-writer.ts';

/**
 * Chapters of a file of one session: what happened in the call, to others too, while it runs. None where nothing did.
 *
 * @param moments on unix time
 */
export function muxedChapters(
  moments: readonly Moment[],
  settings: OutputSettings,
  tracks: readonly PlacedTrack[],
): Chapter[] {
  const zeroUnixMs = fileZeroOf(settings, tracks);
  const durationMs = Math.max(...tracks.flatMap(({ runs }) => runs.map(({ endMs }) => endMs))) - zeroUnixMs;
  const own = moments.flatMap(({ atMs, title }) => {
    const inFileMs = Math.round(atMs - zeroUnixMs);
    return inFileMs > -SHORTEST_MS && inFileMs < durationMs ? [{ atMs: Math.max(0, inFileMs), title }] : [];
  });
  const chapters = chaptersOf(own, durationMs);
  return chapters.length > 1 ? chapters : [];
}
