import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { adminServer, TOKEN } from '../builders/admin.ts';

describe('without a token', () => {
  const admin = adminServer({ tokens: [] });

  test('the API says that it is off, and how it is turned on, whatever is sent', async () => {
    for (const token of ['', TOKEN])
      expect(await admin.ask('/recordings', { token })).toMatchObject({
        status: 503,
        body: { code: 'no-token-configured', hint: expect.stringContaining('RAWREEL_API_TOKEN') },
      });
  });

  test('health, metrics and the description are for everybody; nothing else is there', async () => {
    const statusOf = async (path: string) => (await fetch(`${admin.url()}${path}`)).status;
    expect(
      await Promise.all(['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json'].map(statusOf)),
    ).toEqual([200, 200, 200, 200]);
    expect(await Promise.all(['/', '/webhooks/stream', '/api', '/api/v2'].map(statusOf))).toEqual([
      404, 404, 404, 404,
    ]);
  });

  test('the description is OpenAPI 3.1, by its own schema', async () => {
    const document = await (await fetch(`${admin.url()}/api/v1/openapi.json`)).text();
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(document));
    expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1']);
    validator.resolveRefs();
  });
});

describe('where the database does not answer', () => {
  const down = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  const admin = adminServer({
    ledger: { list: down, recording: down, retry: down, cancel: down, counts: down },
    ready: down,
  });

  test('the API says so, the log is told why, and the process is healthy', async () => {
    for (const [path, method] of [
      ['/recordings', 'GET'],
      ['/recordings/x', 'GET'],
      ['/recordings/x/retry', 'POST'],
      ['/counts', 'GET'],
    ] as const)
      expect(await admin.ask(path, { method })).toMatchObject({
        status: 503,
        body: { code: 'unavailable', message: 'The ledger does not answer' },
      });
    expect(admin.errors).toHaveLength(4);
    expect((await fetch(`${admin.url()}/readyz`)).status).toBe(503);
    expect((await fetch(`${admin.url()}/healthz`)).status).toBe(200);
  });
});
