import type { Recording } from '@rawreel/archive';
import { CODECS } from '@rawreel/rtp';
import type { Plan, PlanRequest } from '../../src/plan/plan.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import type { PlacedTrack } from '../../src/read/placed-track.ts';
import { scanTrack } from '../../src/scan/scan-track.ts';
import { solveClocks } from '../../src/time/solve-clocks.ts';

/** Plans a recording, and scans and places its tracks as a run does, each by itself. */
export async function placeRecording(
  recording: Recording,
  request: PlanRequest,
): Promise<{ readonly plan: Plan; readonly placed: readonly PlacedTrack[] }> {
  const plan = planRecording(recording, request);
  const nearMs = plan.zeroUnixMs ?? 0;
  const placed = await Promise.all(
    plan.tracks.map(async (track): Promise<PlacedTrack> => {
      const codec = track.segments[0]?.codec;
      if (codec === undefined) throw new Error('a track has no codec');
      const scans = await scanTrack(track.segments, { onBytes: () => undefined, nearMs });
      const runsOfSegments = scans.map(({ runs }) => runs);
      const [solved] = solveClocks([{ session: '', clockRate: CODECS[codec].clockRate, runsOfSegments }]);
      if (solved === undefined) throw new Error('a track has no packets');
      return { track, codec, scans, ...solved };
    }),
  );
  return { plan, placed };
}
