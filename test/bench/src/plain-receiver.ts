// The least that receiving can cost: Express, the body read as bytes, and an answer. It says its port.
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();
app.post('/webhooks/stream', express.raw({ type: '*/*' }), (_, response) => {
  response.json({ code: 'taken' });
});
const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
