import express, { type Express } from 'express';
import { createHealthRouter, type Ready } from '../http/health.ts';
import { type ApiOptions, createApiRouter } from './api-router.ts';

export interface AdminAppOptions extends ApiOptions {
  readonly ready: Ready;
  /** What Prometheus is told. */
  readonly metrics: {
    readonly contentType: string;
    text(): Promise<string>;
  };
}

/**
 * What people and their machines ask of a service: `GET /healthz`, `GET /readyz`, `GET /metrics`, `/api/v1`. It belongs on an address
 * of its own, which strangers cannot reach: health and metrics need no token.
 */
export function createAdminApp({ ready, metrics, ...api }: AdminAppOptions): Express {
  // In any other environment Express shows the stack of a bug to strangers.
  const app = express().set('env', 'production').disable('x-powered-by');
  app.use(createHealthRouter(ready));
  app.get('/metrics', async (_request, response) => {
    const text = await metrics.text();
    response.set({ 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).send(text);
  });
  app.use('/api/v1', createApiRouter(api));
  app.use((_request, response) => {
    response.status(404).json({ code: 'not-found', message: 'There is nothing here' });
  });
  return app;
}
