/**
 * A receiver in a process of its own, so that its memory can be measured: says its port, and then to each message how much it has
 * ever had, in bytes.
 */
import { mock } from 'node:test';
import express from 'express';
import { createStreamWebhookRouter } from '../../src/http/stream-webhook-router.ts';
import { KEY, SECRET } from './events.ts';
import { Store, serve } from './receiver.ts';

// The time that bodies have does not pass: some of what is sent here takes a slow machine longer.
mock.timers.enable({ apis: ['setTimeout'] });

const app = express();
const { take } = new Store();
app.use('/hook', createStreamWebhookRouter({ secrets: { [KEY]: SECRET }, take, onAnswer: () => {} }));
const { port } = await serve(app);
process.on('message', () => process.send?.(process.resourceUsage().maxRSS * 1024));
process.on('disconnect', () => process.exit());
process.send?.(port);
