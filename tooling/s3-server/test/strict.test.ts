import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presignedUrl, type S3Server, type SignedRequest, signedFetch, startS3Server } from '../src/index.ts';

let server: S3Server;
const body = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();
const etag = `"${md5(body).toString('hex')}"`;
const other = '"00000000000000000000000000000000"';

beforeAll(async () => {
  server = await startS3Server();
  await signedFetch(server, 'PUT', '/bucket');
  await signedFetch(server, 'PUT', '/bucket/key', { body });
});
afterAll(() => server.stop());

/** Status and S3's error code. */
async function outcome(response: Promise<Response>): Promise<string> {
  const { status, text } = await response.then(async (got) => ({
    status: got.status,
    text: await got.text(),
  }));
  return `${status} ${/<Code>([^<]*)/.exec(text)?.[1] ?? ''}`.trim();
}
const crc32Of = (data: Uint8Array) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString('base64');
};

const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);

test.each<[string, () => Promise<Response>, string]>([
  ['the right keys', () => signedFetch(server, 'GET', '/bucket/key'), '200'],
  ['no keys', () => fetch(`${server.endpoint}/bucket/key`), '400'],
  [
    'a wrong secret',
    () => signedFetch({ ...server, secretAccessKey: 'guessed' }, 'GET', '/bucket/key'),
    '403 SignatureDoesNotMatch',
  ],
  [
    'keys without rights',
    () => signedFetch({ ...server, ...server.stranger }, 'GET', '/bucket/key'),
    '403 AccessDenied',
  ],
  [
    'another region in the scope',
    () => signedFetch({ ...server, region: 'us-west-2' }, 'GET', '/bucket/key'),
    '400 AuthorizationHeaderMalformed',
  ],
  [
    'a clock an hour late',
    () => signedFetch(server, 'GET', '/bucket/key', { at: at(-60) }),
    '403 RequestTimeTooSkewed',
  ],
  ['an unknown bucket', () => signedFetch(server, 'GET', '/nowhere/key'), '404 NoSuchBucket'],
  ['an unknown key', () => signedFetch(server, 'GET', '/bucket/none'), '404 NoSuchKey'],
  ['a presigned URL', () => fetch(presignedUrl(server, '/bucket/key')), '200'],
  [
    'an expired presigned URL',
    () => fetch(presignedUrl(server, '/bucket/key', { expiresIn: 60, at: at(-2) })),
    '403 AccessDenied',
  ],
  [
    'a presigned URL whose time was stretched',
    () =>
      fetch(
        presignedUrl(server, '/bucket/key', { expiresIn: 60, at: at(-2) }).replace(
          'Expires=60',
          'Expires=600',
        ),
      ),
    '403 SignatureDoesNotMatch',
  ],
  [
    'HEAD with a URL presigned for GET',
    () => fetch(presignedUrl(server, '/bucket/key'), { method: 'HEAD' }),
    '403',
  ],
  [
    'a presigned URL of another key',
    () => fetch(presignedUrl(server, '/bucket/key').replace('/key?', '/other?')),
    '403 SignatureDoesNotMatch',
  ],
])('answers %s', async (_, request, expected) => {
  expect(await outcome(request())).toBe(expected);
});

test.each([
  ['bytes=0-9', 'bytes 0-9/1000'],
  ['bytes=0-0', 'bytes 0-0/1000'],
  ['bytes=990-', 'bytes 990-999/1000'],
  ['bytes=-10', 'bytes 990-999/1000'],
  ['bytes=990-2000', 'bytes 990-999/1000'],
  ['bytes=-2000', 'bytes 0-999/1000'],
])('range %s is exactly %s', async (range, contentRange) => {
  const response = await signedFetch(server, 'GET', '/bucket/key', { headers: { range } });
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe(contentRange);
  const [first, last] = contentRange.match(/\d+/g)?.map(Number) ?? [];
  expect(await response.bytes()).toEqual(body.slice(first, (last ?? 0) + 1));
});

test('a range behind the end is refused', async () => {
  const headers = { range: 'bytes=1000-' };
  expect(await outcome(signedFetch(server, 'GET', '/bucket/key', { headers }))).toBe('416 InvalidRange');
});

test.each<[string, Record<string, string>, string]>([
  ['If-Match of this object', { 'if-match': etag, range: 'bytes=0-9' }, '206'],
  ['If-Match of another', { 'if-match': other, range: 'bytes=0-9' }, '412 PreconditionFailed'],
  ['If-None-Match of this object', { 'if-none-match': etag }, '304'],
  ['If-None-Match of another', { 'if-none-match': other }, '200'],
  ['If-Range of another, which it does not know', { 'if-range': other, range: 'bytes=0-9' }, '206'],
])('reads with %s', async (_, headers, expected) => {
  expect(await outcome(signedFetch(server, 'GET', '/bucket/key', { headers }))).toBe(expected);
});

test.each<[string, SignedRequest, string]>([
  ['a right CRC-32', { headers: { 'x-amz-checksum-crc32': crc32Of(body) } }, '200'],
  ['a wrong CRC-32', { headers: { 'x-amz-checksum-crc32': 'AAAAAQ==' } }, '400 BadDigest'],
  [
    'a wrong SHA-256',
    { headers: { 'x-amz-checksum-sha256': createHash('sha256').digest('base64') } },
    '400 BadDigest',
  ],
  ['a wrong MD5', { headers: { 'content-md5': md5(new Uint8Array(1)).toString('base64') } }, '400 BadDigest'],
  ['a signed digest of other bytes', { bodyDigest: '0'.repeat(64) }, '400 XAmzContentSHA256Mismatch'],
])('stores a body with %s', async (name, request, expected) => {
  const path = `/bucket/stored with ${name}`;
  expect(await outcome(signedFetch(server, 'PUT', path, { body, ...request }))).toBe(expected);
  expect(await outcome(signedFetch(server, 'GET', path))).toBe(expected === '200' ? '200' : '404 NoSuchKey');
});

test('does not overwrite with If-None-Match: *, and does not know If-Match on PUT', async () => {
  const put = (headers: Record<string, string>) =>
    outcome(signedFetch(server, 'PUT', '/bucket/key', { body, headers }));
  expect(await put({ 'if-none-match': '*' })).toBe('412 PreconditionFailed');
  expect(await put({ 'if-match': etag })).toBe('501 NotImplemented');
});

async function beginUpload(key: string): Promise<string> {
  const response = await signedFetch(server, 'POST', `/bucket/${key}`, { query: { uploads: '' } });
  return /<UploadId>([^<]*)/.exec(await response.text())?.[1] ?? '';
}
const putPart = (key: string, uploadId: string, partNumber: number, part: Uint8Array<ArrayBuffer>) =>
  signedFetch(server, 'PUT', `/bucket/${key}`, {
    query: { uploadId, partNumber: String(partNumber) },
    body: part,
  });
const complete = (key: string, uploadId: string, etags: readonly string[]) =>
  signedFetch(server, 'POST', `/bucket/${key}`, {
    query: { uploadId },
    body: `<CompleteMultipartUpload>${etags
      .map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`)
      .join('')}</CompleteMultipartUpload>`,
  });
const uploadsGoing = async () =>
  (await signedFetch(server, 'GET', '/bucket', { query: { uploads: '' } })).text();

test('joins parts, refuses what is no part of it, and names the whole by the parts’ MD5', async () => {
  const parts = [new Uint8Array(5 << 20).fill(7), body];
  const uploadId = await beginUpload('joined');
  const tags: string[] = [];
  for (const [index, part] of parts.entries())
    tags.push((await putPart('joined', uploadId, index + 1, part)).headers.get('etag') ?? '');
  expect(await uploadsGoing()).toContain(uploadId);
  expect(await outcome(complete('joined', uploadId, [other, ...tags.slice(1)]))).toBe('400 InvalidPart');
  expect(await outcome(complete('joined', uploadId, tags))).toBe('200');
  const head = await signedFetch(server, 'HEAD', '/bucket/joined');
  expect(head.headers.get('etag')).toBe(`"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-2"`);
  expect(head.headers.get('content-length')).toBe(String((5 << 20) + 1000));
});

test('refuses a part below 5 MiB that is not the last', async () => {
  const uploadId = await beginUpload('small');
  const tags = [
    (await putPart('small', uploadId, 1, body)).headers.get('etag') ?? '',
    (await putPart('small', uploadId, 2, body)).headers.get('etag') ?? '',
  ];
  expect(await outcome(complete('small', uploadId, tags))).toBe('400 EntityTooSmall');
});

test('forgets an aborted upload', async () => {
  const uploadId = await beginUpload('aborted');
  await putPart('aborted', uploadId, 1, body);
  const aborted = signedFetch(server, 'DELETE', '/bucket/aborted', { query: { uploadId } });
  expect(await outcome(aborted)).toBe('204');
  expect(await uploadsGoing()).not.toContain(uploadId);
  expect(await outcome(putPart('aborted', uploadId, 2, body))).toBe('404 NoSuchUpload');
});

test('keeps keys as they are', async () => {
  const path = '/bucket/a b/ü+&=(1)~%41.mkv';
  await signedFetch(server, 'PUT', path, { body: 'odd' });
  expect(await (await signedFetch(server, 'GET', path)).text()).toBe('odd');
});

test('ends when it is told to, and leaves nothing', async () => {
  const second = await startS3Server();
  expect(existsSync(second.folder)).toBe(true);
  await second.stop();
  expect(existsSync(second.folder)).toBe(false);
  await expect(fetch(second.endpoint)).rejects.toThrow();
});
