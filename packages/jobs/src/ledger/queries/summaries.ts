import type { Db } from '../../database/connect.ts';
import type { DerivedRecording, RecordingState } from '../recording-state.ts';
import type { RecordingSummary } from '../view.ts';

/** What a `RecordingSummary` is made of, of rows that stand for a recording. */
export function selectSummaries(db: Db) {
  return db
    .selectFrom('recordings')
    .leftJoin('recordings as twin', 'twin.same_as', 'recordings.id')
    .where('recordings.same_as', 'is', null)
    .select([
      'recordings.id',
      'recordings.ordinal',
      'recordings.api_key',
      'recordings.call_cid',
      'recordings.egress_id',
      'recordings.session_id',
      'recordings.filename',
      'recordings.state',
      'recordings.since',
      'recordings.attempt',
      'recordings.begins_at',
      'recordings.ends_at',
      'recordings.derived',
      'twin.egress_id as twin_egress_id',
      'twin.is_inferred as twin_is_inferred',
    ]);
}

export interface SummaryRow {
  readonly id: string;
  readonly ordinal: number;
  readonly api_key: string;
  readonly call_cid: string;
  readonly egress_id: string | null;
  readonly session_id: string | null;
  readonly filename: string | null;
  readonly state: RecordingState;
  readonly since: Date;
  readonly attempt: number;
  readonly begins_at: Date | null;
  readonly ends_at: Date | null;
  readonly derived: DerivedRecording | null;
  readonly twin_egress_id: string | null;
  readonly twin_is_inferred: boolean | null;
}

export function summaryOf(row: SummaryRow): RecordingSummary {
  const { derived } = row;
  return {
    id: row.id,
    apiKey: row.api_key,
    callCid: row.call_cid,
    egressId: row.egress_id ?? row.twin_egress_id ?? undefined,
    sessionId: row.session_id ?? undefined,
    filename: row.filename ?? undefined,
    isInferred: row.twin_is_inferred ?? false,
    state: row.state,
    sinceMs: row.since.getTime(),
    attempt: row.attempt,
    worker: derived?.worker,
    beginsMs: row.begins_at?.getTime(),
    endsMs: row.ends_at?.getTime(),
    sizeBytes: derived?.link?.sizeBytes,
    expiresAtMs: derived?.link?.expiresAtMs,
    failure: derived?.failure,
    retryAtMs: derived?.retryAtMs,
    outputs: derived?.outputs,
  };
}
