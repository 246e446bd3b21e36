import { CODECS } from '@rawreel/rtp';
import { inTurns } from '../in-turns.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { solvingClocks } from '../time/solve-clocks.ts';
import { witnessedRuns } from '../time/witnessed-runs.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { ScannedTracks } from './scan-tracks.ts';
import { timeUnseen } from './time-unseen.ts';

/** All tracks that have packets, on the server's clock, by number; and receive times that were not believed. */
export async function placeTracks(
  plan: Plan,
  { results, unusable }: Pick<ScannedTracks, 'results' | 'unusable'>,
  signal: AbortSignal | undefined,
): Promise<{
  readonly placed: ReadonlyMap<number, PlacedTrack>;
  readonly problems: readonly TrackProblem[];
}> {
  const tracks = [...results]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, { scans }]) => {
      if (unusable.has(number)) return [];
      const codec = scans.find(({ runs }) => runs.length > 0)?.segment.codec;
      const track = plan.tracks[number];
      return codec === undefined || track === undefined ? [] : [{ number, track, codec, scans }];
    });
  const { runsOfTracks, unseen } = witnessedRuns(
    tracks.map(({ codec, scans }) => ({
      clockRate: CODECS[codec].clockRate,
      segments: scans.map(({ segment: { timing }, runs }) => ({ timing, runs })),
    })),
  );
  const problems = unseen.flatMap(({ track, ...each }) => timeUnseen(each, tracks[track]?.track) ?? []);
  const solving = solvingClocks(
    tracks.map(({ track, codec }, index) => ({
      session: JSON.stringify([track.userId, track.sessionId]),
      clockRate: CODECS[codec].clockRate,
      runsOfSegments: runsOfTracks[index] ?? [],
    })),
  );
  const solved = await inTurns(solving, signal);
  const placed = new Map<number, PlacedTrack>();
  for (const [index, { number, track, codec, scans }] of tracks.entries()) {
    const place = solved[index];
    const isBelieved = (segment: number) =>
      unseen.every((time) => time.track !== index || time.segment !== segment);
    // What the scan saw of the clocks has done its work: runs know their times, and jobs stay small.
    const slim = scans.map((scan, segment) => ({
      ...scan,
      runs: [],
      problems: [],
      lostTail: isBelieved(segment) ? scan.lostTail : undefined,
    }));
    if (place !== undefined) placed.set(number, { track, codec, scans: slim, ...place });
  }
  return { placed, problems };
}
