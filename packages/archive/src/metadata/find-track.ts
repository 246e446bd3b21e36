import { someOf } from '@rawreel/text';
import { ArchiveError } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { Track, TrackIds } from '../recording.ts';

/** What says whose a track is, in words. */
const BESIDE = { userId: 'user', sessionId: 'session', trackType: 'type' } as const;

/** @throws {ArchiveError} ERR_NO_SUCH_TRACK, ERR_TRACK_AMBIGUOUS; the hint names the tracks that there are. */
export function findTrack(tracks: readonly Track[], which: string | TrackIds): Track {
  const ids: TrackIds = typeof which === 'string' ? { trackId: which } : which;
  const sharing = tracks.filter(({ trackId }) => trackId === ids.trackId);
  const [track, ...others] = sharing.filter((each) =>
    beside.every((id) => ids[id] === undefined || ids[id] === each[id]),
  );
  if (track === undefined) throw noSuchTrack(ids, sharing, tracks);
  if (others.length === 0) return track;
  throw new ArchiveError('ERR_TRACK_AMBIGUOUS', `several tracks of this recording are ${inWords(ids)}`, {
    hint: `Say which by userId, sessionId or trackType beside trackId, or give an entry of tracks.\n${those(sharing)}`,
  });
}

const beside = Object.keys(BESIDE) as (keyof typeof BESIDE)[];

function noSuchTrack(ids: TrackIds, sharing: readonly Track[], tracks: readonly Track[]): ArchiveError {
  const known = [...new Set(tracks.map(({ trackId }) => trackId))].sort();
  const all = known.length === 0 ? 'It has no tracks.' : `It has ${someOf(known.map(excerpt))}.`;
  return new ArchiveError('ERR_NO_SUCH_TRACK', `no track ${inWords(ids)} in this recording`, {
    hint: sharing.length === 0 ? all : those(sharing),
  });
}

const inWords = (ids: TrackIds): string =>
  [
    quoted(ids.trackId),
    ...beside.flatMap((id) => (ids[id] === undefined ? [] : `of ${BESIDE[id]} ${quoted(ids[id])}`)),
  ].join(' ');

const those = (tracks: readonly Track[]): string =>
  `Tracks with that id: ${someOf(tracks.map((track) => beside.map((id) => excerpt(track[id])).join(' ')))}.`;

const quoted = (id: string): string => `"${excerpt(id)}"`;
