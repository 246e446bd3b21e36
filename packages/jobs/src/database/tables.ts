import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Fact } from '../ledger/fact.ts';
import type { NotificationKind } from '../ledger/notification.ts';
import type { DerivedRecording, RecordingState } from '../ledger/recording-state.ts';
import type { RecordingSummary } from '../ledger/view.ts';

/** The ledger's tables, as the latest migration leaves them. */
export interface Tables {
  events: EventsTable;
  recordings: RecordingsTable;
  facts: FactsTable;
  leases: LeasesTable;
  holds: HoldsTable;
  cursors: CursorsTable;
  notifications: NotificationsTable;
  endpoints: EndpointsTable;
  deliveries: DeliveriesTable;
}

/** Events as they were received and verified. */
export interface EventsTable {
  id: Generated<number>;
  api_key: string;
  identity_key: string;
  type: string;
  received_at: Date;
  source_by: string;
  source_id: string | null;
  body: JSONColumnType<object, string, never>;
}

/**
 * One row per name: a recording that is known by its egress id and, elsewhere, by its file has two until a ready event with both
 * names, or time, shows that they are one. Then `same_as` of the egress's row is the file's row, which stands for both.
 */
export interface RecordingsTable {
  id: string;
  /** Order in which recordings were heard of: what lists are paged by. */
  ordinal: Generated<number>;
  api_key: string;
  call_cid: string;
  call_key: string;
  egress_id: string | null;
  egress_key: string | null;
  session_id: string | null;
  filename: string | null;
  file_key: string | null;
  same_as: string | null;
  /** Whether `same_as` was concluded from times, and may be taken back. */
  is_inferred: Generated<boolean>;
  /** The pg-boss job that works for this recording, while it has one. */
  job_id: string | null;
  dead_letter_id: string | null;
  created_at: Generated<Date>;
  // All below is a projection of the facts, written by `project` alone.
  state: Generated<RecordingState>;
  since: Generated<Date>;
  attempt: Generated<number>;
  begins_at: Date | null;
  ends_at: Date | null;
  expires_at: Date | null;
  size_bytes: number | null;
  derived: ColumnType<DerivedRecording | null, string | null, string | null>;
}

export interface FactsTable {
  id: Generated<number>;
  recording_id: string;
  identity_key: string;
  kind: Fact['kind'];
  at: Date;
  body: ColumnType<Fact, string, never>;
}

/** Who works at a recording, and until when that holds without being renewed. */
export interface LeasesTable {
  recording_id: string;
  attempt: number;
  worker: string;
  job_id: string;
  /** pg-boss's count of claims of this job: with it, settling a job is fenced. */
  job_claim: number;
  held_until: Date;
}

/** Workers that had no room for a recording, and why: what is waiting is to be seen. */
export interface HoldsTable {
  recording_id: string;
  worker: string;
  why: string;
  at: Date;
}

/** Up to when an app was looked at, by each kind of look. */
export interface CursorsTable {
  api_key: string;
  name: string;
  at: Date;
}

/** What is to be told: one row for each time that something came true of a recording. */
export interface NotificationsTable {
  id: string;
  ordinal: Generated<number>;
  recording_id: string;
  kind: NotificationKind;
  /** What tells it apart from others of its kind. */
  occasion: string;
  at: Date;
  /** As it was then. */
  recording: ColumnType<RecordingSummary, string, never>;
  created_at: Generated<Date>;
}

/** Who is told. */
export interface EndpointsTable {
  name: string;
  /** Null: all. */
  kinds: NotificationKind[] | null;
  /** Null: all. */
  api_keys: string[] | null;
  /** Changes with its configuration. */
  revision: string;
  /** When a process last had it. */
  seen_at: Date;
  delivered_at: Date | null;
  /** Since when nothing was delivered, though it was tried. */
  failing_since: Date | null;
  failed_at: Date | null;
  answer: string | null;
  disabled_at: Date | null;
  disabled_why: string | null;
}

/** One notification on its way to one endpoint. */
export interface DeliveriesTable {
  notification_id: string;
  endpoint: string;
  attempts: Generated<number>;
  /** When it is tried next; of one that is being tried, when another process may. Null: it was delivered, or given up. */
  next_at: Date | null;
  tried_at: Date | null;
  answer: string | null;
  delivered_at: Date | null;
}
