import { Router } from 'express';
import { READY_WITHIN_MS } from './limits.ts';
import { withinTime } from './within-time.ts';

/** Whether an event could be stored now. One that throws says no. */
export type Ready = () => Promise<boolean>;

/**
 * `/healthz`: the process answers. `/readyz`: it could store an event, so that a load balancer sends it some. Anybody can ask,
 * so neither says why not.
 */
export function createHealthRouter(ready: Ready): Router {
  return Router()
    .get('/healthz', (_request, response) => {
      response.json({ status: 'ok' });
    })
    .get('/readyz', async (_request, response) => {
      const isReady = await withinTime(READY_WITHIN_MS, ready).catch(() => false);
      response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready' });
    });
}
