import { tmpdir } from 'node:os';
import type { Recording } from '@rawreel/archive';
import { inspectCall } from '../inspect/inspect-call.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { JobEvents } from '../jobs/job.ts';
import type { Plan, PlanRequest } from '../plan/plan.ts';
import { planTracks } from '../plan/plan-tracks.ts';
import type { TrackProblem } from '../track-problem.ts';
import { earliestDumpStart } from './earliest-dump-start.ts';
import { placeTracks } from './place-tracks.ts';
import type { RunOptions } from './run-options.ts';
import { type ScannedTracks, scanTracks } from './scan-tracks.ts';
import { startWorkers } from './start-workers.ts';

export interface InspectOptions
  extends Pick<PlanRequest, 'userId' | 'sessionId' | 'trackId'>,
    Pick<RunOptions, 'signal' | 'onProgress' | 'workers' | 'maxEntrySize' | 'fetch'> {
  /** Ids are replaced by names that say nothing. Default: false. */
  readonly anonymous?: boolean | undefined;
}

/**
 * What happened in a call: reads every dump once, measures each track, and says what the troubles come of. Writes nothing.
 *
 * @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK; the signal's reason
 * when aborted.
 */
export async function inspectRecording(
  recording: Recording,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { signal, onProgress = () => undefined, maxEntrySize, fetch, workers: wanted } = options;
  const plan = planTracks(recording, options);
  const zeroUnixMs = plan.zeroUnixMs ?? (await earliestDumpStart(plan, options));
  const events: JobEvents = { onProgress, signal };
  const settings = {
    plan: { call: plan.call, gaps: plan.gaps, dtx: plan.dtx, align: plan.align },
    zeroUnixMs,
    // Nothing is drafted or copied, so nothing is put there.
    workFolder: tmpdir(),
    madeBy: '',
    maxEntrySize,
    inspect: true,
  };
  await using workers = await startWorkers(plan.tracks, wanted, events);
  const scanned = await scanTracks(plan, [], { settings, verify: false, fetch }, workers, events);
  const inPlace = await placeTracks(plan, scanned, signal);
  return inspectionOf({ plan, scanned, inPlace, zeroUnixMs, anonymous: options.anonymous });
}

export interface ScannedCall {
  readonly plan: Plan;
  /** With what was seen of the tracks. */
  readonly scanned: ScannedTracks;
  readonly inPlace: Awaited<ReturnType<typeof placeTracks>>;
  readonly zeroUnixMs: number;
  readonly anonymous?: boolean | undefined;
}

export function inspectionOf({ plan, scanned, inPlace, zeroUnixMs, anonymous }: ScannedCall): Inspection {
  const tracks = [...inPlace.placed].flatMap(([number, track]) => {
    const result = scanned.results.get(number);
    if (result?.observed === undefined) return [];
    return [{ placed: track, scans: result.scans, dumps: result.observed }];
  });
  const problems = [...plan.problems, ...scanned.problems, ...inPlace.problems, ...unreadable(plan, scanned)];
  return inspectCall({ call: plan.call, zeroUnixMs, tracks, problems, anonymous });
}

/** Tracks that could not be read at all are told of, as nothing is measured of them. */
function unreadable(plan: Plan, { unusable }: ScannedTracks): TrackProblem[] {
  return [...unusable].flatMap(([number, reason]) => {
    const track = plan.tracks[number];
    if (track === undefined || track.ifSent === true) return [];
    const { userId, sessionId, trackId } = track;
    const message = reason instanceof Error ? reason.message : String(reason);
    return [{ code: 'DUMP_NO_MEDIA', severity: 'notice', message, userId, sessionId, trackId } as const];
  });
}
