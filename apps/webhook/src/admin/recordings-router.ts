import { JobsError, type Ledger } from '@rawreel/jobs';
import { type RequestHandler, type Response, Router } from 'express';
import { refuse } from './api-error.ts';
import { readListQuery } from './list-query.ts';
import { type Redact, shownHistory, shownRecording } from './views.ts';

export interface RecordingsOptions {
  readonly ledger: Pick<Ledger, 'list' | 'recording' | 'retry' | 'cancel' | 'counts'>;
  readonly redact: Redact;
}

const BY_API = { by: 'api' } as const;

/** What the ledger knows, and what can be asked of it. */
export function createRecordingsRouter({ ledger, redact }: RecordingsOptions): Router {
  const asked =
    (ask: 'retry' | 'cancel'): RequestHandler<{ id: string }> =>
    async ({ params: { id } }, response) => {
      try {
        await ledger[ask](id, BY_API);
      } catch (error) {
        if (!(error instanceof JobsError)) throw error;
        await refuseRequest(error, id, response);
        return;
      }
      const recording = await ledger.recording(id);
      if (recording === undefined) noRecording(response);
      else response.json(shownRecording(recording, redact));
    };

  async function refuseRequest(error: JobsError, id: string, response: Response): Promise<void> {
    if (error.code === 'ERR_NO_RECORDING') {
      noRecording(response);
      return;
    }
    if (error.code !== 'ERR_WRONG_STATE') throw error;
    const { message, hint } = error;
    const state = (await ledger.recording(id))?.state;
    refuse(response, { code: 'wrong-state', message, hint: hint || undefined, state });
  }

  return Router()
    .get('/recordings', async ({ query }, response) => {
      const filter = readListQuery(query);
      if (typeof filter === 'string') {
        refuse(response, { code: 'bad-query', message: filter });
        return;
      }
      const { recordings, next } = await ledger.list(filter);
      response.json({ recordings: recordings.map((each) => shownRecording(each, redact)), next });
    })
    .get('/recordings/:id', async ({ params: { id } }, response) => {
      const recording = await ledger.recording(id);
      if (recording === undefined) noRecording(response);
      else response.json(shownHistory(recording, redact));
    })
    .post('/recordings/:id/retry', asked('retry'))
    .post('/recordings/:id/cancel', asked('cancel'))
    .get('/counts', async (_request, response) => {
      response.json(Object.fromEntries(await ledger.counts()));
    })
    .all(['/recordings', '/recordings/:id', '/counts'], only('GET'))
    .all(['/recordings/:id/retry', '/recordings/:id/cancel'], only('POST'));
}

const noRecording = (response: Response): void =>
  refuse(response, {
    code: 'no-recording',
    message: 'No recording has this id',
    hint: 'The ids are in GET /api/v1/recordings.',
  });

const only =
  (method: 'GET' | 'POST'): RequestHandler =>
  (_request, response) => {
    response.set('Allow', method);
    refuse(response, { code: 'method-not-allowed', message: `Only ${method} is taken here` });
  };
