import { list, text } from '../declare/kinds.ts';
import type { IdKind, OptionsOf } from '../declare/option.ts';
import { exclusive } from '../declare/value-errors.ts';

/** Whose tracks: at most one of them. */
export const FILTERS = {
  userId: list(
    text({
      group: 'What',
      short: 'u',
      help: 'only this user (give one of the three filters)',
      placeholder: 'id',
      completes: 'users',
      emptyHint: 'Omit it to select all of them.',
    }),
  ),
  sessionId: list(
    text({
      group: 'What',
      help: 'only this session: one connection of one user',
      placeholder: 'id',
      completes: 'sessions',
      example: '5aa342ad-b502-427b-b76e-0d747ad9b547',
      emptyHint: 'Omit it to select all of them.',
    }),
  ),
  trackId: list(
    text({
      group: 'What',
      help: 'only this track',
      placeholder: 'id',
      completes: 'tracks',
      example: 'de63e3c1-6561-477e-a3f3-442bcb66457e',
      emptyHint: 'Omit it to select all of them.',
    }),
  ),
};

export interface TrackFilter {
  readonly key: keyof typeof FILTERS;
  readonly ids: readonly string[];
  /** The list of ids that they are of. */
  readonly kind: IdKind;
}

/** @throws UsageError for more than one kind of ids */
export function filterOf({ userId, sessionId, trackId }: OptionsOf<typeof FILTERS>): TrackFilter | undefined {
  const of = (key: TrackFilter['key'], ids: readonly string[], kind: IdKind) =>
    ids.length === 0 ? undefined : { key, ids, kind };
  const filters: Readonly<Record<string, TrackFilter | undefined>> = {
    '--user-id': of('userId', userId, 'users'),
    '--session-id': of('sessionId', sessionId, 'sessions'),
    '--track-id': of('trackId', trackId, 'tracks'),
  };
  return exclusive(
    filters,
    'Use one of --user-id, --session-id and --track-id: a track belongs to one session, a session to one user.',
  )?.value;
}
