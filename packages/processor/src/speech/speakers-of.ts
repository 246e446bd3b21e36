import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { mergedTurns } from './merged-turns.ts';
import type { SpeakerTrack, SpeakerTurns } from './speaker-turns.ts';
import type { Turn } from './turn-builder.ts';
import { turnsOf } from './turns-of.ts';

/** When each user of the tracks spoke, in the order in which users come first. */
export async function speakersOf(
  placed: readonly PlacedTrack[],
  zeroUnixMs: number,
  reading: ReadingOptions,
): Promise<readonly Omit<SpeakerTurns, 'file'>[]> {
  const speakers: Omit<SpeakerTurns, 'file'>[] = [];
  const heard = placed.filter(({ codec }) => codec === 'opus');
  for (const [userId, own] of Map.groupBy(heard, ({ track }) => track.userId)) {
    const tracks: SpeakerTrack[] = [];
    const turns: (readonly Turn[])[] = [];
    for (const each of own) {
      const { sessionId, trackId, trackType } = each.track;
      const found = await turnsOf(each, zeroUnixMs, reading);
      tracks.push({ sessionId, trackId, trackType, evidence: found.evidence });
      turns.push(found.turns);
    }
    speakers.push({ userId, tracks, turns: mergedTurns(turns) });
  }
  return speakers;
}
