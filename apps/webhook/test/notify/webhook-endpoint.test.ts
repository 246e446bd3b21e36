import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Notification, RecordingSummary } from '@rawreel/jobs';
import { expect, onTestFinished, test } from 'vitest';
import { type WebhookEndpointOptions, webhookEndpoint } from '../../src/notify/webhook-endpoint.ts';
import { SECRETS, verified, webhookReceiver } from '../builders/webhook-receiver.ts';

const NEVER = new AbortController().signal;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'rawreel-endpoint-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const doneIn = (destination: string): Notification => ({
  id: 'f3b9c1f0-0000-4000-8000-000000000001',
  kind: 'done',
  atMs: 1,
  recording: {
    id: 'r',
    callCid: 'default:a',
    outputs: { destination, files: 1, bytes: 1, manifest: join(destination, 'manifest.json') },
  } as RecordingSummary,
});

async function standing(more: Partial<WebhookEndpointOptions> = {}) {
  const receiver = await webhookReceiver();
  const unlisted: unknown[] = [];
  const endpoint = webhookEndpoint({
    url: receiver.url,
    secrets: SECRETS,
    userAgent: 'rawreel-webhook 0.1.0',
    onUnlisted: (_, error) => unlisted.push(error),
    ...more,
  });
  return { receiver, unlisted, endpoint };
}

test('a manifest that is not here: told without files, and that is told here', async () => {
  const { receiver, unlisted, endpoint } = await standing();
  await endpoint.deliver(doneIn(join(folder(), 'elsewhere')), NEVER);
  const { data } = verified(await receiver.next()) as { data: object };
  expect(data).toMatchObject({ outputs: { files: 1 } });
  expect(data).not.toHaveProperty('files');
  expect(String(unlisted)).toMatch(/elsewhere\/manifest\.json is not here$/);
});

test('a manifest that is none: told without files, and the reason is told here', async () => {
  const { receiver, unlisted, endpoint } = await standing();
  const place = folder();
  writeFileSync(join(place, 'manifest.json'), 'no manifest');
  await endpoint.deliver(doneIn(place), NEVER);
  expect(verified(await receiver.next())).not.toHaveProperty('data.files');
  expect(unlisted).toMatchObject([{ code: 'ERR_MANIFEST_UNREADABLE' }]);
});

test('told to stop while it reads, it sends nothing', async () => {
  const { receiver, endpoint } = await standing();
  const place = folder();
  writeFileSync(join(place, 'manifest.json'), 'no manifest');
  const stopped = AbortSignal.abort(new Error('the process stops'));
  await expect(endpoint.deliver(doneIn(place), stopped)).rejects.toThrow('the process stops');
  expect(receiver.all).toEqual([]);
});

test('its name says the host and nothing that may be secret; it changes with the address, its revision with each setting', async () => {
  const names = new Set<string>();
  const revisions = new Set<string | undefined>();
  const variants: readonly Partial<WebhookEndpointOptions>[] = [
    {},
    { url: 'https://app.example/other' },
    { secrets: [SECRETS[0]] },
    { events: ['recording.done'] },
    { apiKeys: ['k'] },
  ];
  for (const more of variants) {
    const { endpoint } = await standing({ url: 'https://app.example/token-that-is-secret', ...more });
    expect(endpoint.name).toMatch(/^app\.example \([0-9a-f]{8}\)$/);
    names.add(endpoint.name);
    revisions.add(endpoint.revision);
  }
  expect([names.size, revisions.size]).toEqual([2, 5]);
  const { endpoint } = await standing({ events: ['recording.expiring', 'recording.done'] });
  expect(endpoint.kinds).toEqual(['done', 'expiring']);
});
