import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { probeDestination } from '../src/index.ts';
import { newFolder } from './sample.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
  await signedFetch(server, 'PUT', '/media');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_REGION', server.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

test('a bucket is written to, read, and left as it was', async () => {
  expect(await probeDestination('s3://media/calls/')).toEqual({ place: 's3://media/calls' });
  const list = await signedFetch(server, 'GET', '/media');
  expect(await list.text()).not.toContain('rawreel-probe');
});

test('one that is not there; credentials that are refused', async () => {
  await expect(probeDestination('s3://nowhere/calls')).rejects.toMatchObject({
    code: 'ERR_OBJECT_NOT_FOUND',
  });
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
  await expect(probeDestination('s3://media/calls')).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' });
});

test('a folder, or the one that it will be made in, is left as it was', async () => {
  const folder = await newFolder();
  expect(await probeDestination(join(folder, 'a/b'))).toEqual({ place: folder });
  expect(readdirSync(folder)).toEqual([]);
  await expect(probeDestination('/proc/media')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(probeDestination('https://example.com/x')).rejects.toMatchObject({ code: 'ERR_DESTINATION' });
});
