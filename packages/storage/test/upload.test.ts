import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { downloadSmall, type S3Options, uploadFile } from '../src/index.ts';

const MIB = 1 << 20;
let server: S3Server;
let folder: string;
let s3: S3Options;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-upload-'));
  server = await startS3Server();
  await signedFetch(server, 'PUT', '/bucket');
  s3 = { endpoint: server.endpoint, region: server.region };
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => useKeys(server));
afterEach(() => vi.unstubAllEnvs());

/** The standard way that programs are given keys; nothing of this machine's own may be found. */
function useKeys(keys: { readonly accessKeyId: string; readonly secretAccessKey: string }): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, createHash('sha256').update(bytes).digest('hex'));
  await writeFile(path, bytes);
  return path;
}
const stored = (key: string) => signedFetch(server, 'GET', `/bucket/${key}`);
const uploadsGoing = async () =>
  (await (await signedFetch(server, 'GET', '/bucket', { query: { uploads: '' } })).text()).includes(
    '<Upload>',
  );

test.each([
  ['nothing', 0, ''],
  ['one byte', 1, ''],
  ['a part exactly', 8 * MIB, ''],
  ['a part and a byte', 8 * MIB + 1, '-2'],
  ['three parts exactly', 24 * MIB, '-3'],
])('uploads %s', async (name, size, suffix) => {
  const bytes = randomBytes(size);
  const progress: number[] = [];
  const { etag } = await uploadFile(await fileOf(bytes), `s3://bucket/${name}.mkv`, {
    s3,
    onProgress: (sent) => progress.push(sent),
  });
  const response = await stored(`${name}.mkv`);
  expect(Buffer.compare(await response.bytes(), bytes)).toBe(0);
  expect(response.headers.get('content-type')).toBe('video/x-matroska');
  expect(response.headers.get('etag')).toBe(etag);
  expect(etag).toMatch(new RegExp(`^"[0-9a-f]{32}${suffix}"$`));
  expect(progress.at(-1)).toBe(size);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
});

test('a page is one for browsers', async () => {
  await uploadFile(await fileOf(Buffer.from('<!doctype html>')), 's3://bucket/report.html', { s3 });
  expect((await stored('report.html')).headers.get('content-type')).toBe('text/html; charset=utf-8');
});

test('keeps keys as they are', async () => {
  const key = 'a b/ü+&=(1)~%41.json';
  await uploadFile(await fileOf(Buffer.from('odd')), `s3://bucket/${key}`, { s3 });
  expect(await (await stored(key)).text()).toBe('odd');
});

test('aborted, an upload leaves neither object nor parts', async () => {
  const abort = new AbortController();
  const upload = uploadFile(await fileOf(randomBytes(40 * MIB)), 's3://bucket/aborted.mkv', {
    s3,
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  await expect(upload).rejects.toMatchObject({ name: 'StorageError', code: 'ERR_ABORTED' });
  expect(await uploadsGoing()).toBe(false);
  expect((await stored('aborted.mkv')).status).toBe(404);
});

test('aborted before it begins, an upload sends nothing', async () => {
  const signal = AbortSignal.abort();
  const upload = uploadFile(await fileOf(Buffer.from('x')), 's3://bucket/never.mkv', { s3, signal });
  await expect(upload).rejects.toMatchObject({ code: 'ERR_ABORTED' });
  expect((await stored('never.mkv')).status).toBe(404);
});

test('does not overwrite what must not be there', async () => {
  const path = await fileOf(Buffer.from('new'));
  const upload = () => uploadFile(path, 's3://bucket/once.json', { s3, ifNoneMatch: '*' });
  await upload();
  await expect(upload()).rejects.toMatchObject({ code: 'ERR_OBJECT_CHANGED' });
});

test('reads small objects, and says when they are not there or not small', async () => {
  await signedFetch(server, 'PUT', '/bucket/small.json', { body: '{"a":1}' });
  const read = (key: string, maxBytes: number) => downloadSmall(`s3://bucket/${key}`, { s3, maxBytes });
  const small = await read('small.json', 7);
  expect(Buffer.from(small?.bytes ?? []).toString()).toBe('{"a":1}');
  expect(small?.etag).toBe(`"${createHash('md5').update('{"a":1}').digest('hex')}"`);
  expect(await read('none.json', 7)).toBeUndefined();
  await expect(read('small.json', 6)).rejects.toMatchObject({ code: 'ERR_BAD_ANSWER' });
  await expect(downloadSmall('s3://nowhere/x', { s3, maxBytes: 1 })).rejects.toMatchObject({
    code: 'ERR_OBJECT_NOT_FOUND',
  });
});

test.each<[string, string, () => S3Options, string]>([
  ['a bucket that is not there', 's3://nowhere/x.mkv', () => s3, 'ERR_OBJECT_NOT_FOUND'],
  ['an address that is no object of S3', 'https://host/x.mkv?sig=secret', () => s3, 'ERR_ADDRESS'],
  ['another region', 's3://bucket/x.mkv', () => ({ ...s3, region: 'us-west-2' }), 'ERR_WRONG_REGION'],
  ['AWS without a region', 's3://bucket/x.mkv', () => ({}), 'ERR_WRONG_REGION'],
  [
    'a port where nothing listens',
    's3://bucket/x.mkv',
    () => ({ ...s3, endpoint: 'http://127.0.0.1:9' }),
    'ERR_UNREACHABLE',
  ],
  [
    'a host without an address',
    's3://bucket/x.mkv',
    () => ({ ...s3, endpoint: 'http://nowhere.invalid' }),
    'ERR_UNREACHABLE',
  ],
])('names %s', async (_, address, options, code) => {
  const upload = uploadFile(await fileOf(Buffer.from('x')), address, { s3: options() });
  const error = await upload.catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'StorageError', code });
  expect(`${error.message} ${error.hint}`).not.toContain('secret');
});

test('names a wrong secret, keys without rights, and no keys', async () => {
  const upload = async () => uploadFile(await fileOf(Buffer.from('x')), 's3://bucket/x.mkv', { s3 });
  useKeys({ ...server, secretAccessKey: 'guessed' });
  await expect(upload()).rejects.toMatchObject({
    code: 'ERR_ACCESS_DENIED',
    message: 's3://bucket/x.mkv cannot be uploaded: the credentials are refused (SignatureDoesNotMatch)',
  });
  useKeys(server.stranger);
  await expect(upload()).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED' });
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  await expect(upload()).rejects.toMatchObject({ code: 'ERR_NO_CREDENTIALS' });
});

test('names a file that is not there', async () => {
  const upload = uploadFile(join(folder, 'none'), 's3://bucket/x.mkv', { s3 });
  await expect(upload).rejects.toMatchObject({ code: 'ERR_UPLOAD_FAILED' });
});

test('finds keys, region and endpoint in the shared files of a profile', async () => {
  const profile = `[profile elsewhere]\nregion = ${server.region}\nservices = local\n[services local]\ns3 =\n  endpoint_url = ${server.endpoint}\n`;
  await writeFile(join(folder, 'profile-config'), profile);
  const { accessKeyId, secretAccessKey } = server;
  await writeFile(
    join(folder, 'profile-keys'),
    `[elsewhere]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'profile-config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'profile-keys'));
  vi.stubEnv('AWS_PROFILE', 'elsewhere');
  await uploadFile(await fileOf(Buffer.from('by profile')), 's3://bucket/profile.txt');
  expect(await (await stored('profile.txt')).text()).toBe('by profile');
});

test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])('finds the endpoint in %s', async (name) => {
  vi.stubEnv(name, server.endpoint);
  vi.stubEnv('AWS_REGION', server.region);
  await uploadFile(await fileOf(Buffer.from(name)), 's3://bucket/environment.txt');
  expect(await (await stored('environment.txt')).text()).toBe(name);
});

test('signs for us-east-1 where another’s endpoint is told and no region', async () => {
  let scope = '';
  await using front = await inFront({
    request: async (incoming) => {
      scope = incoming.headers.authorization ?? '';
      return bytesOf(incoming);
    },
  });
  const upload = uploadFile(await fileOf(Buffer.from('x')), 's3://bucket/x.txt', {
    s3: { endpoint: front.s3.endpoint ?? '' },
  });
  await expect(upload).rejects.toMatchObject({ code: 'ERR_WRONG_REGION' });
  expect(scope).toContain('/us-east-1/s3/');
});

test('names the bucket in the path where the host has a name of its own', async () => {
  const endpoint = server.endpoint.replace('127.0.0.1', 'localhost');
  await uploadFile(await fileOf(Buffer.from('by name')), 's3://bucket/localhost.txt', {
    s3: { ...s3, endpoint },
  });
  expect(await (await stored('localhost.txt')).text()).toBe('by name');
});

/** A server in front of the real one, whose host it keeps so that signatures hold. */
async function inFront(meddle: Meddling): Promise<AsyncDisposable & { readonly s3: S3Options }> {
  const front: Server = createServer((incoming, outgoing) => {
    const passedOn = meddle.request(incoming).then(async (body) => {
      const onward = request(`${server.endpoint}${incoming.url}`, {
        method: incoming.method,
        headers: { ...incoming.headers, host: incoming.headers.host },
      });
      onward.end(body);
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      const answered = await bytesOf(answer);
      await meddle.answered?.(incoming);
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
    });
    // As where the sender has given up.
    passedOn.catch(() => outgoing.destroy());
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    s3: { ...s3, endpoint: `http://127.0.0.1:${(front.address() as AddressInfo).port}` },
    [Symbol.asyncDispose]: async () => {
      front.closeAllConnections();
      front.close();
      await once(front, 'close');
    },
  };
}
interface Meddling {
  request(incoming: IncomingMessage): Promise<Buffer>;
  answered?(incoming: IncomingMessage): Promise<unknown>;
}
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test.each([
  ['one part', 1000],
  ['many parts', 20 * MIB],
])('a byte that flips on its way is refused, and leaves nothing: %s', async (name, size) => {
  await using front = await inFront({
    request: async (incoming) => {
      const body = await bytesOf(incoming);
      if (incoming.method === 'PUT') body[500] = (body[500] ?? 0) ^ 1;
      return body;
    },
  });
  const upload = uploadFile(await fileOf(randomBytes(size)), `s3://bucket/flipped ${name}`, { s3: front.s3 });
  await expect(upload).rejects.toMatchObject({ code: 'ERR_UPLOAD_FAILED' });
  expect((await stored(`flipped ${name}`)).status).toBe(404);
  expect(await uploadsGoing()).toBe(false);
});

test.each([
  ['of the same length', 20 * MIB],
  ['of another length', 7],
])('what is stored in the end is compared with what was sent: another object %s', async (name, size) => {
  const key = `other ${name}`;
  await using front = await inFront({
    request: bytesOf,
    answered: async ({ method }) => {
      if (method === 'POST') await signedFetch(server, 'PUT', `/bucket/${key}`, { body: Buffer.alloc(size) });
    },
  });
  const upload = uploadFile(await fileOf(randomBytes(20 * MIB)), `s3://bucket/${key}`, { s3: front.s3 });
  await expect(upload).rejects.toMatchObject({
    code: 'ERR_UPLOAD_FAILED',
    message: expect.stringContaining('is not what was sent'),
  });
});

test('the first part that is refused ends the upload', async () => {
  let parts = 0;
  await using front = await inFront({
    request: async (incoming) => {
      const body = await bytesOf(incoming);
      if (incoming.method !== 'PUT') return body;
      parts += 1;
      body[0] = (body[0] ?? 0) ^ 1;
      return body;
    },
  });
  const upload = uploadFile(await fileOf(randomBytes(100 * MIB)), 's3://bucket/refused.mkv', {
    s3: front.s3,
  });
  await expect(upload).rejects.toMatchObject({ code: 'ERR_UPLOAD_FAILED' });
  expect(parts).toBeLessThan(10);
  expect(await uploadsGoing()).toBe(false);
});
