import type { Plan, PlannedTrack } from '../plan/plan.ts';

/** How a file is titled and tagged for the tracks in it, all of one session. */
export function titleAndTags(
  call: Plan['call'],
  tracks: readonly PlannedTrack[],
): { title: string; tags: Record<string, string> } {
  const [track] = tracks;
  if (track === undefined) throw new RangeError('a file has a track');
  const what = `${track.screenshare ? 'screen share ' : ''}${tracks.map(({ kind }) => kind).join(' and ')}`;
  return {
    title: `${track.userId} · ${what} · ${call.type}:${call.id}`,
    tags: {
      CALL_TYPE: call.type,
      CALL_ID: call.id,
      CALL_SESSION_ID: call.sessionId,
      USER_ID: track.userId,
      SESSION_ID: track.sessionId,
      TRACK_ID: tracks.map(({ trackId }) => trackId).join(' '),
      TRACK_TYPE: tracks.map(({ trackType }) => trackType).join(' '),
    },
  };
}

/** How a player lists a track of a file that has several. */
export function trackName({ userId, kind, screenshare }: PlannedTrack): string {
  if (screenshare) return `${userId} · ${kind === 'video' ? 'shared screen' : 'sound of the shared screen'}`;
  return `${userId} · ${kind === 'video' ? 'camera' : 'microphone'}`;
}
