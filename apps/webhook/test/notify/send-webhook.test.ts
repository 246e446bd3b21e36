import { once } from 'node:events';
import { createServer } from 'node:https';
import { expect, test } from 'vitest';
import { sendWebhook, type WebhookTarget } from '../../src/notify/send-webhook.ts';
import { serveFiles } from '../builders/service.ts';
import { CERTIFICATE, KEYS } from '../builders/sns.ts';
import { SECRETS, verified, webhookReceiver } from '../builders/webhook-receiver.ts';

const MESSAGE = { id: 'f3b9c1f0-0000-4000-8000-000000000001', body: '{"type":"recording.done","text":"ü"}' };
const NEVER = new AbortController().signal;
const STRANGER = `whsec_${Buffer.alloc(32, 'stranger').toString('base64')}`;

const send = (url: string, more: Partial<WebhookTarget> = {}, signal: AbortSignal = NEVER) =>
  sendWebhook({ url, secrets: SECRETS, userAgent: 'rawreel-webhook 0.1.0', ...more }, MESSAGE, signal);

test('a receiver that has one of the secrets verifies it with the library, one that has none does not', async () => {
  const receiver = await webhookReceiver();
  expect(await send(receiver.url)).toBe('answered 204');
  const received = await receiver.next();
  for (const secret of SECRETS) expect(verified(received, secret)).toEqual(JSON.parse(MESSAGE.body));
  expect(() => verified(received, STRANGER)).toThrow('No matching signature');
  expect(() => verified({ ...received, body: received.body.replace('done', 'gone') })).toThrow();
  const id = { ...received.headers, 'webhook-id': 'another' };
  expect(() => verified({ ...received, headers: id })).toThrow();
  expect(received.headers).toMatchObject({
    'webhook-id': MESSAGE.id,
    'webhook-signature': expect.stringMatching(/^v1,\S{44} v1,\S{44}$/),
    'content-type': 'application/json',
    'user-agent': 'rawreel-webhook 0.1.0',
  });
});

test('sent again it has the same id', async () => {
  const receiver = await webhookReceiver();
  for (let time = 0; time < 2; time++) await send(receiver.url);
  const ids = receiver.all.map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([MESSAGE.id, MESSAGE.id]);
});

test.each([
  [200, 'answered 200'],
  [202, 'answered 202'],
])('%i is taken', async (status, answer) => {
  const { url } = await webhookReceiver((response) => response.writeHead(status).end());
  expect(await send(url)).toBe(answer);
});

test.each([
  [400, 'Error: answered 400'],
  [503, 'Error: answered 503'],
  [304, 'Error: answered 304, and redirects are not followed'],
  [410, 'EndpointGone: answered 410'],
])('%i is not', async (status, error) => {
  const { url } = await webhookReceiver((response) => response.writeHead(status).end());
  expect(String(await send(url).catch((thrown: unknown) => thrown))).toBe(error);
});

test('a redirect is not followed: what is told would go where the answer says', async () => {
  const elsewhere = await webhookReceiver();
  for (const status of [301, 302, 303, 307, 308]) {
    const { url } = await webhookReceiver((response) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    );
    await expect(send(url)).rejects.toThrow(`answered ${status}, and redirects are not followed`);
  }
  expect(elsewhere.all).toEqual([]);
});

test('an answer without end is not read', async () => {
  const cut = Promise.withResolvers<void>();
  const chunk = Buffer.alloc(65_536, 'x');
  const { url } = await webhookReceiver((response) => {
    response.writeHead(200);
    const pour = () => {
      while (response.write(chunk));
      response.once('drain', pour);
    };
    pour();
    response.once('close', () => cut.resolve());
  });
  expect(await send(url)).toBe('answered 200');
  await cut.promise;
});

test('one that does not come is not waited for', async () => {
  const cut = Promise.withResolvers<void>();
  const url = await serveFiles((_, response) => response.once('close', () => cut.resolve()));
  await expect(send(url, { timeoutMs: 100 })).rejects.toThrow('no answer within 0.1 s');
  await cut.promise;
});

test('told to stop it ends, with the reason that it was given', async () => {
  const asked = Promise.withResolvers<void>();
  const url = await serveFiles(() => asked.resolve());
  const stopping = new AbortController();
  const sent = send(url, {}, stopping.signal);
  await asked.promise;
  stopping.abort(new Error('the process stops'));
  await expect(sent).rejects.toThrow('the process stops');
});

test('nobody there: the reason, without address and secret', async () => {
  const url = await serveFiles((request) => request.socket.destroy());
  const target = `${url}/path-that-is-secret`;
  const { message } = (await send(target).catch((error: Error) => error)) as Error;
  expect(message).toMatch(/^no answer: \w+$/);
  expect(message).not.toContain('secret');
});

test('a certificate that nobody vouches for is refused', async () => {
  const key = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ key, cert: CERTIFICATE }, (_, response) => response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  try {
    await expect(send(`https://127.0.0.1:${port}/`)).rejects.toThrow(
      'no answer: DEPTH_ZERO_SELF_SIGNED_CERT',
    );
  } finally {
    server.closeAllConnections();
    await once(server.close(), 'close');
  }
});
