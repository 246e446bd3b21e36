import type { Db } from '../database/connect.ts';
import { JobsError } from '../errors.ts';
import type { Queue } from '../queue/queue.ts';
import type { FactBody, FactSource } from './fact.ts';
import type { Ledger } from './ledger.ts';
import { backlog } from './queries/backlog.ts';
import { countStates } from './queries/count-states.ts';
import { expiringBefore } from './queries/expiring.ts';
import { findRecording } from './queries/find-recording.ts';
import { listRecordings } from './queries/list-recordings.ts';
import { lockRecording } from './queries/lock-recording.ts';
import { moveCursor } from './queries/move-cursor.ts';
import { notifyExpiring } from './queries/notify-expiring.ts';
import { readCursor } from './queries/read-cursor.ts';
import { record, recordOf } from './record.ts';
import { type DerivedRecording, END_STATES, type RecordingState } from './recording-state.ts';
import { TakeTogether } from './take-together.ts';

export function createLedger(db: Db, queue: Queue): Ledger {
  const together = new TakeTogether(db, queue);
  const request = (
    id: string,
    by: FactSource,
    bodyFor: (derived: DerivedRecording) => FactBody,
  ): Promise<void> =>
    db.transaction().execute(async (trx) => {
      const row = await lockRecording(trx, id);
      if (!row.derived) throw new JobsError('ERR_WRONG_STATE', `Nothing is known of recording ${id} yet`);
      const body = bodyFor(row.derived);
      await recordOf(trx, queue, row, by, Date.now(), [body]);
    });

  return {
    take: together.take,
    add: (apiKey, facts) => db.transaction().execute((trx) => record(trx, queue, apiKey, facts)),
    recording: (id) => findRecording(db, id),
    list: (filter) => listRecordings(db, filter),
    counts: () => countStates(db),
    backlog: (expiringBeforeMs) => backlog(db, expiringBeforeMs),
    expiringBefore: (ms, limit) => expiringBefore(db, ms, limit),
    warnExpiring: (recordings) => notifyExpiring(db, recordings),
    retry: (id, by) =>
      request(id, by, (derived) => {
        if (!END_STATES.has(derived.state))
          throw wrongState(id, derived.state, 'It can be retried when it has come to an end.');
        if (!derived.link) throw wrongState(id, derived.state, 'There is no file to process.');
        return { kind: 'retry-requested', request: derived.request + 1, afterAttempt: derived.attempt };
      }),
    cancel: (id, by) =>
      request(id, by, (derived) => {
        if (END_STATES.has(derived.state)) throw wrongState(id, derived.state, 'It has come to an end.');
        return { kind: 'cancelled', request: derived.request + 1 };
      }),
    cursor: (apiKey, name) => readCursor(db, apiKey, name),
    moveCursor: (apiKey, name, ms) => moveCursor(db, apiKey, name, ms),
  };
}

function wrongState(id: string, state: RecordingState, hint: string): JobsError {
  return new JobsError('ERR_WRONG_STATE', `Recording ${id} is ${state}`, { hint });
}
