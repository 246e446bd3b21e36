import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@rawreel/processor';
import { presignedUrl, type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deliver, type Order } from '../src/index.ts';
import { newFolder, orderFor, SAMPLE } from './sample.ts';

let server: S3Server;
let s3: { readonly endpoint: string; readonly region: string };

beforeAll(async () => {
  server = await startS3Server();
  s3 = { endpoint: server.endpoint, region: server.region };
  await signedFetch(server, 'PUT', '/calls');
  await signedFetch(server, 'PUT', '/calls/call.zip', { body: new Uint8Array(readFileSync(SAMPLE)) });
});
afterAll(() => server?.stop());
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION']) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const shaOf = ({ report }: Awaited<ReturnType<typeof deliver>>) => report.files.map(({ sha256 }) => sha256);

describe('a recording at an address', () => {
  test.each([
    ['a signed link', () => presignedUrl(server, '/calls/call.zip')],
    ['a bucket', () => 's3://calls/call.zip'],
  ])('%s · comes through the cache once, and makes what the file makes', async (_, address) => {
    const remote = { cacheFolder: await newFolder(), s3 };
    const order = async (): Promise<Order> => orderFor(await newFolder(), { input: address(), remote });
    const transfers: string[] = [];
    const first = await deliver(await order(), { onTransfer: ({ type }) => void transfers.push(type) });
    const again = await deliver(await order());
    expect(first.byteLength).toBe(statSync(SAMPLE).size);
    expect(first.transferred).toBeGreaterThan(0);
    expect(transfers).toContain('transfer');
    expect(again.transferred).toBe(0);
    const fromFile = await deliver(orderFor(await newFolder()));
    expect([shaOf(first), shaOf(again)]).toEqual([shaOf(fromFile), shaOf(fromFile)]);
  });

  test.each([
    ['no cache folder', () => undefined],
    ['one that is not to keep anything', (cacheFolder: string) => ({ cacheFolder, keep: false })],
  ])('%s · nothing of it stays', async (_, remoteIn) => {
    const temporary = await newFolder();
    vi.stubEnv('TMPDIR', temporary);
    const input = presignedUrl(server, '/calls/call.zip');
    const output = join(await newFolder(), 'made');
    const { transferred } = await deliver(orderFor(output, { input, remote: remoteIn(temporary) }));
    expect(transferred).toBeGreaterThan(0);
    expect(readdirSync(temporary).filter((name) => !name.startsWith('delivery-'))).toEqual([]);
  });
});

describe('a prefix of a real bucket', () => {
  test('run after run · the manifest there tells of all', async () => {
    const remote = { cacheFolder: await newFolder(), s3 };
    for (const kind of ['audio', 'video'] as const) {
      const { report } = await deliver(orderFor('s3://calls/made', { plan: { outputs: [kind] }, remote }));
      expect([report.files.length, report.failures]).toEqual([1, []]);
    }
    const answer = await signedFetch(server, 'GET', '/calls/made/manifest.json');
    const { files } = (await answer.json()) as Manifest;
    expect(files.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
    for (const { path, byteLength } of files) {
      const object = await signedFetch(server, 'GET', `/calls/made/${path}`);
      expect((await object.arrayBuffer()).byteLength).toBe(byteLength);
    }
    expect(readdirSync(remote.cacheFolder)).toEqual([]);
  });
});
