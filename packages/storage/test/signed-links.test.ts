import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type S3Options, signedLinks, uploadFile } from '../src/index.ts';

let server: S3Server;
let folder: string;
let s3: S3Options;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-signed-links-'));
  server = await startS3Server();
  s3 = { endpoint: server.endpoint, region: server.region };
  await signedFetch(server, 'PUT', '/bucket');
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

test('anybody can read an object by its link, whatever its name, and nobody once its time is over', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
  const path = join(folder, 'file');
  await writeFile(path, 'what is in it');
  const address = 's3://bucket/a call/ü?#%2F.mkv';
  await uploadFile(path, address, { s3 });
  const [link = '', absent = ''] = await signedLinks([address, 's3://bucket/none'], { seconds: 60, s3 });
  const response = await fetch(link);
  expect([response.status, await response.text()]).toEqual([200, 'what is in it']);
  expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('60');
  expect((await fetch(absent)).status).toBe(404);
  const changed = link.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000');
  expect((await fetch(changed)).status).toBe(403);
});

test('without credentials, or of what is in no bucket, there is none', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const sign = (address: string) => signedLinks([address], { seconds: 60, s3 });
  await expect(sign('s3://bucket/x')).rejects.toMatchObject({ code: 'ERR_NO_CREDENTIALS' });
  await expect(sign('https://a.example/x')).rejects.toMatchObject({ code: 'ERR_ADDRESS' });
});
