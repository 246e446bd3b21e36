import express, { type Express } from 'express';
import type { OnAnswer } from './answers.ts';
import { createHealthRouter, type Ready } from './health.ts';
import { createSnsRouter, type SnsOptions } from './sns-router.ts';
import { createStreamWebhookRouter, type StreamWebhookOptions } from './stream-webhook-router.ts';
import type { Take } from './take.ts';

export interface ReceiveAppOptions {
  readonly secrets: StreamWebhookOptions['secrets'];
  /** Default: nothing is received from SNS. */
  readonly topics?: SnsOptions['topics'] | undefined;
  readonly take: Take;
  readonly ready: Ready;
  readonly onAnswer?: OnAnswer | undefined;
  readonly fetchText?: SnsOptions['fetchText'];
}

/**
 * The receiver as an app of its own: `POST /webhooks/stream`, `POST /webhooks/sns`, `GET /healthz`, `GET /readyz`.
 *
 * @throws {WebhookError} as the routers do
 */
export function createReceiveApp(options: ReceiveAppOptions): Express {
  const { topics = {}, ready } = options;
  // In any other environment Express shows the stack of a bug to strangers.
  const app = express().set('env', 'production').disable('x-powered-by').disable('etag');
  app.use(createHealthRouter(ready));
  app.use('/webhooks/stream', createStreamWebhookRouter(options));
  if (Object.keys(topics).length > 0) app.use('/webhooks/sns', createSnsRouter({ ...options, topics }));
  app.use((_request, response) => {
    response.status(404).json({ code: 'not-found', message: 'There is nothing here' });
  });
  return app;
}
