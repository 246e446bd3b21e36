import type { InspectedTrack } from '../inspection.ts';
import { nameOf } from '../track-name.ts';
import { type CallMeasures, type Finding, lengthOf, sessionsOf, whoseOf } from './call-measures.ts';
import { clock, span } from './words.ts';

/** From the first packet to the first picture: servers ask for a key frame at once, which comes within a second. */
const FIRST_MS = 1500;

/** A newcomer sees nothing of a camera before its next key frame. */
const NEWCOMER_MS = 5000;

/** Who is there from the beginning has joined before. */
const JOINED_MS = 5000;

/** Somebody waited for a picture that could be shown: whoever watched from the camera's start, or joined later. */
export const lateKeyFrame = ({ tracks }: CallMeasures): Finding[] => [
  ...tracks.filter(({ kind }) => kind === 'video').flatMap(atStart),
  ...sessionsOf(tracks).flatMap((session) => atJoin(session, tracks)),
];

function atStart(track: InspectedTrack): Finding[] {
  const { firstPictureMs = [], shown = 0, undecodable = 0, beforeKeyFrame = 0 } = track.picture ?? {};
  return firstPictureMs.flatMap((waitedMs, index): Finding[] => {
    const segment = track.segments[index];
    if (segment === undefined) return [];
    // Of a camera that is switched on for a moment nobody expects a picture, unless there never is one.
    const isLate = waitedMs === null ? shown === 0 || lengthOf(segment) >= FIRST_MS : waitedMs >= FIRST_MS;
    if (!isLate) return [];
    const untilMs = waitedMs === null ? segment.untilMs : segment.fromMs + waitedMs;
    const what = nameOf(track);
    const never =
      undecodable > 0 ? 'had no picture that can be decoded' : 'never had a key frame that can be decoded';
    return [
      {
        cause: 'late-key-frame',
        confidence: 'high',
        ...whoseOf([track]),
        fromMs: segment.fromMs,
        untilMs,
        times: [{ fromMs: segment.fromMs, untilMs }],
        evidence: { waitedMs: untilMs - segment.fromMs, beforeKeyFrame, undecodable },
        sentence:
          waitedMs === null
            ? `${what} of ${clock(segment.fromMs)} ${never}: nothing of it can be shown`
            : `${what} could be shown only ${span(waitedMs)} after it began at ${clock(segment.fromMs)}: no key frame before`,
      },
    ];
  });
}

/** Cameras of others that had no key frame for long after this connection began. */
function atJoin(session: readonly InspectedTrack[], tracks: readonly InspectedTrack[]): Finding[] {
  const joinedMs = Math.min(...session.flatMap(({ segments }) => segments.map(({ fromMs }) => fromMs)));
  const own = session[0]?.userId;
  if (joinedMs < JOINED_MS) return [];
  return tracks.flatMap((track): Finding[] => {
    if (track.kind !== 'video' || track.userId === own) return [];
    const segment = track.segments.find(
      ({ fromMs, untilMs }) => fromMs < joinedMs - 1000 && untilMs > joinedMs + NEWCOMER_MS,
    );
    if (segment === undefined) return [];
    const next = track.picture?.keyFrames.timesMs.find((atMs) => atMs >= joinedMs) ?? segment.untilMs;
    const untilMs = Math.min(next, segment.untilMs);
    if (untilMs - joinedMs < NEWCOMER_MS) return [];
    return [
      {
        cause: 'late-key-frame',
        confidence: 'medium',
        ...whoseOf([track]),
        fromMs: joinedMs,
        untilMs,
        times: [{ fromMs: joinedMs, untilMs }],
        evidence: { waitedMs: Math.round(untilMs - joinedMs), newcomer: own ?? '' },
        sentence: `no key frame for ${span(untilMs - joinedMs)} after ${own} joined at ${clock(joinedMs)}: they could not see this ${nameOf(track)}`,
      },
    ];
  });
}
