import type { Plan } from '../plan/plan.ts';
import type { TrackProblem } from '../track-problem.ts';
import { Anonymous } from './anonymous.ts';
import { findCauses } from './causes/find-causes.ts';
import { headlineOf } from './headline.ts';
import {
  INSPECTION_VERSION,
  type InspectedParticipant,
  type InspectedTrack,
  type Inspection,
} from './inspection.ts';
import { sumOfSpeech } from './measure/impaired-speech.ts';
import { measureTrack, type WatchedTrack } from './measure/measure-track.ts';

export interface CallToInspect {
  readonly call: Plan['call'];
  readonly zeroUnixMs: number;
  readonly tracks: readonly WatchedTrack[];
  readonly problems: readonly TrackProblem[];
  /** Tracks that were published, and of which nothing could be read. */
  readonly unread: number;
  /** Ids are replaced. */
  readonly anonymous?: boolean | undefined;
}

/** From what was seen of all tracks to the measures and what they come of. */
export function inspectCall({ call, zeroUnixMs, tracks: watched, ...rest }: CallToInspect): Inspection {
  const anonymous = rest.anonymous === true ? new Anonymous() : undefined;
  const tracks = watched
    .map((track) => measureTrack(track, zeroUnixMs))
    .map((track) => anonymous?.track(track) ?? track);
  const problems = rest.problems.map((problem) => anonymous?.problem(problem) ?? problem);
  const participants = participantsOf(tracks);
  const speech = sumOfSpeech(tracks.flatMap(({ sound }) => sound ?? []));
  const callStartMs = call.startMs === undefined ? undefined : call.startMs - zeroUnixMs;
  const causes = findCauses({ tracks, callStartMs });
  return {
    version: INSPECTION_VERSION,
    call: {
      type: call.type,
      id: anonymous === undefined ? call.id : 'call',
      sessionId: anonymous === undefined ? call.sessionId : 'session',
      ...(call.startMs === undefined ? {} : { startsAt: new Date(call.startMs).toISOString() }),
    },
    zeroAt: new Date(zeroUnixMs).toISOString(),
    durationMs: tracks
      .flatMap(({ segments }) => segments)
      .reduce((latest, { untilMs }) => Math.max(latest, untilMs), 0),
    headline: headlineOf({ speech, participants, tracks, causes, problems, unread: rest.unread }),
    speech,
    participants,
    tracks,
    causes,
    problems,
  };
}

function participantsOf(tracks: readonly InspectedTrack[]): InspectedParticipant[] {
  return [...Map.groupBy(tracks, ({ userId }) => userId)].map(([userId, own]) => {
    const cameras = own.filter(({ kind, screenshare }) => kind === 'video' && !screenshare);
    const shownMs = cameras
      .flatMap(({ segments }) => segments)
      .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
    const frozenMs = cameras.reduce((sum, { picture }) => sum + (picture?.freezes.totalMs ?? 0), 0);
    return {
      userId,
      sessions: [...Map.groupBy(own, ({ sessionId }) => sessionId)].flatMap(([sessionId, those]) => {
        const segments = those.flatMap((track) => track.segments);
        if (segments.length === 0) return [];
        const fromMs = segments.reduce(
          (first, each) => Math.min(first, each.fromMs),
          Number.POSITIVE_INFINITY,
        );
        const untilMs = segments.reduce((last, each) => Math.max(last, each.untilMs), 0);
        return [{ sessionId, fromMs, untilMs }];
      }),
      speech: sumOfSpeech(own.flatMap(({ sound }) => sound ?? [])),
      picture: { shownMs, frozenMs, frozenShare: shownMs === 0 ? 0 : frozenMs / shownMs },
    };
  });
}
