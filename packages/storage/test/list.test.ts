import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type ListedObject, listObjects, type S3Options } from '../src/index.ts';

let server: S3Server;
let s3: S3Options;
beforeAll(async () => {
  server = await startS3Server();
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
  s3 = { endpoint: server.endpoint, region: server.region, profile: undefined };
  await signedFetch(server, 'PUT', '/bucket');
  for (const key of ['b/2.json', 'a.json', 'b/1 ü.json', 'c'])
    await signedFetch(server, 'PUT', `/bucket/${key}`, { body: key });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

async function listed(address: string, options = { s3 }): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of listObjects(address, options)) found.push(object);
  return found;
}
const keys = async (address: string) => (await listed(address)).map(({ key }) => key);

test('lists what a bucket has, and what begins with a prefix', async () => {
  expect(await keys('s3://bucket')).toEqual(['a.json', 'b/1 ü.json', 'b/2.json', 'c']);
  expect(await keys('s3://bucket/b/')).toEqual(['b/1 ü.json', 'b/2.json']);
  expect(await keys('s3://bucket/none')).toEqual([]);
  const [first] = await listed('s3://bucket/b/');
  expect(first).toMatchObject({ address: 's3://bucket/b/1 ü.json', byteLength: 11 });
  expect(Math.abs((first?.modifiedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('the keys of a profile that is named go before those of the environment', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-list-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'credentials');
  const { accessKeyId, secretAccessKey, stranger } = server;
  await writeFile(
    path,
    `[google]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path);
  vi.stubEnv('AWS_ACCESS_KEY_ID', stranger.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', stranger.secretAccessKey);
  await expect(keys('s3://bucket')).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' });
  expect(await listed('s3://bucket', { s3: { ...s3, profile: 'google' } })).toHaveLength(4);
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
});

/** As S3 answers, one object a page (invented; the server here takes half a minute for the thousand of a page). */
const page = (key: string, next?: string) =>
  `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${
    next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
  }<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-11-29T00:00:00.000Z</LastModified></Contents></ListBucketResult>`;

test('goes on with the next page', async () => {
  const asked: (string | null)[] = [];
  const paging = createServer(({ url = '' }, response) => {
    const token = new URL(url, 'http://x').searchParams.get('continuation-token');
    asked.push(token);
    response.setHeader('content-type', 'application/xml').end(token === null ? page('a', 'more') : page('b'));
  });
  paging.listen(0, '127.0.0.1');
  await once(paging, 'listening');
  onTestFinished(() => void paging.close());
  const { port } = paging.address() as AddressInfo;
  const options = { s3: { endpoint: `http://127.0.0.1:${port}`, region: 'auto' } };
  const found = await listed('s3://bucket', options);
  expect(found.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(asked).toEqual([null, 'more']);
});

test('a bucket that is not there, no bucket, an aborted listing', async () => {
  await expect(keys('s3://nowhere/x')).rejects.toMatchObject({ code: 'ERR_OBJECT_NOT_FOUND' });
  await expect(keys('bucket/x')).rejects.toMatchObject({ code: 'ERR_ADDRESS' });
  const aborted = listObjects('s3://bucket', { s3, signal: AbortSignal.abort() });
  await expect(aborted.next()).rejects.toMatchObject({ code: 'ERR_ABORTED' });
});
