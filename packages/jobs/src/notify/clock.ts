import { type RawBuilder, sql } from 'kysely';

/** The time that deliveries go by: the database's, which is one for all processes; or one that a test sets. */
export interface NotifyClock {
  now(): RawBuilder<Date>;
  /** @param ms from now, or before */
  in(ms: number): RawBuilder<Date>;
}

export function clockOf(nowMs: (() => number) | undefined): NotifyClock {
  const now = () =>
    nowMs === undefined ? sql<Date>`clock_timestamp()` : sql<Date>`${new Date(nowMs())}::timestamptz`;
  return { now, in: (ms) => sql<Date>`${now()} + ${ms} * interval '1 millisecond'` };
}
