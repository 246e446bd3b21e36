import { text } from '../declare/kinds.ts';
import type { IdKind, OptionsOf } from '../declare/option.ts';
import { exclusive } from '../declare/value-errors.ts';

/** Whose tracks: at most one of them. */
export const FILTERS = {
  userId: text({
    group: 'What',
    help: 'only this user (at most one of the three filters)',
    placeholder: 'id',
    completes: 'users',
    emptyHint: 'Omit it to select all of them.',
  }),
  sessionId: text({
    group: 'What',
    help: 'only this session: one connection of one user',
    placeholder: 'id',
    completes: 'sessions',
    example: '5aa342ad-b502-427b-b76e-0d747ad9b547',
    emptyHint: 'Omit it to select all of them.',
  }),
  trackId: text({
    group: 'What',
    help: 'only this track',
    placeholder: 'id',
    completes: 'tracks',
    example: 'de63e3c1-6561-477e-a3f3-442bcb66457e',
    emptyHint: 'Omit it to select all of them.',
  }),
};

export interface TrackFilter {
  readonly key: keyof typeof FILTERS;
  readonly id: string;
  /** The list of ids that it is one of. */
  readonly kind: IdKind;
}

/** @throws UsageError for more than one */
export function filterOf({ userId, sessionId, trackId }: OptionsOf<typeof FILTERS>): TrackFilter | undefined {
  const filters: Readonly<Record<string, TrackFilter | undefined>> = {
    '--user-id': userId === undefined ? undefined : { key: 'userId', id: userId, kind: 'users' },
    '--session-id':
      sessionId === undefined ? undefined : { key: 'sessionId', id: sessionId, kind: 'sessions' },
    '--track-id': trackId === undefined ? undefined : { key: 'trackId', id: trackId, kind: 'tracks' },
  };
  return exclusive(
    filters,
    'Use one of --user-id, --session-id and --track-id: a track belongs to one session, a session to one user.',
  )?.value;
}
