import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presignedUrl, type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openRemoteObject, type RemoteObject, type S3Options, uploadFile } from '../src/index.ts';

const MIB = 1 << 20;
const BYTES = randomBytes(20 * MIB + 17);

let server: S3Server;
let folder: string;
let s3: S3Options;
let caches = 0;
const opened: RemoteObject[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-s3-reading-'));
  server = await startS3Server();
  s3 = { endpoint: server.endpoint, region: server.region };
  await signedFetch(server, 'PUT', '/bucket');
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => useKeys(server));
afterEach(async () => {
  for (const object of opened.splice(0)) await object.close();
  vi.unstubAllEnvs();
});

/** The standard way that programs are given keys; nothing of this machine's own may be found. */
function useKeys(keys: {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
}) {
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey);
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

const newCache = () => join(folder, `cache-${caches++}`);

async function open(
  address: string,
  cacheFolder = newCache(),
  options: S3Options = s3,
): Promise<RemoteObject> {
  const object = await openRemoteObject(address, { cacheFolder, s3: options });
  opened.push(object);
  return object;
}

/** By the SDK, in parts: as Stream's own storage and most tools put files there. */
async function put(key: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'to-upload');
  await writeFile(path, bytes);
  await uploadFile(path, `s3://bucket/${key}`, { s3 });
  return `s3://bucket/${key}`;
}

const whole = async (object: RemoteObject) => Buffer.from(await object.read(0, object.byteLength));

describe('an object in a bucket', () => {
  test('uploaded in parts · is read in ranges, and the second time from here', async () => {
    const address = await put('a call/ü?#%.zip', BYTES);
    const cache = newCache();
    const object = await open(address, cache);
    expect([object.byteLength, object.description]).toEqual([BYTES.length, address]);
    expect(
      Buffer.from(await object.read(9 * MIB - 3, 5000)).equals(BYTES.subarray(9 * MIB - 3, 9 * MIB + 4997)),
    ).toBe(true);
    expect(object.transferred).toBeLessThan(200_000);
    expect((await whole(object)).equals(BYTES)).toBe(true);
    expect(object.transferred).toBe(BYTES.length);
    await object.close();
    const again = await open(address, cache);
    expect((await whole(again)).equals(BYTES)).toBe(true);
    expect(again.transferred).toBe(0);
  });

  test('signed anew · is the same object', async () => {
    await put('signed.zip', BYTES);
    const cache = newCache();
    const hourAgo = new Date(Date.now() - 3_600_000);
    const first = await open(
      presignedUrl(server, '/bucket/signed.zip', { at: hourAgo, expiresIn: 7200 }),
      cache,
    );
    expect((await whole(first)).equals(BYTES)).toBe(true);
    await first.close();
    const second = await open(presignedUrl(server, '/bucket/signed.zip'), cache);
    await second.ensure(0, BYTES.length);
    expect(second.transferred).toBe(0);
  });

  test('replaced while it is read · is not mixed', async () => {
    const address = await put('replaced.zip', BYTES);
    const object = await open(address);
    await put('replaced.zip', randomBytes(BYTES.length));
    await expect(whole(object)).rejects.toMatchObject({ code: 'ERR_OBJECT_CHANGED' });
  });

  test('replaced between two runs · is read anew', async () => {
    const address = await put('anew.zip', BYTES);
    const cache = newCache();
    const object = await open(address, cache);
    await whole(object);
    await object.close();
    const other = randomBytes(3 * MIB);
    await put('anew.zip', other);
    expect((await whole(await open(address, cache))).equals(other)).toBe(true);
  });

  test('without a byte · has none', async () => {
    const object = await open(await put('empty.zip', new Uint8Array(0)));
    expect([object.byteLength, (await whole(object)).length]).toEqual([0, 0]);
  });
});

describe('what a bucket refuses', () => {
  beforeAll(async () => {
    useKeys(server);
    await put('there.zip', BYTES.subarray(0, 1000));
  });

  const wrongSecret = () => useKeys({ accessKeyId: server.accessKeyId, secretAccessKey: 'wrong' });
  const expired = () =>
    presignedUrl(server, '/bucket/there.zip', { at: new Date(Date.now() - 3_600_000), expiresIn: 60 });

  test.each([
    ['an object that is not there', () => undefined, () => 's3://bucket/none.zip', 'ERR_OBJECT_NOT_FOUND'],
    ['a bucket that is not there', () => undefined, () => 's3://none/there.zip', 'ERR_OBJECT_NOT_FOUND'],
    [
      'keys without rights',
      () => useKeys(server.stranger),
      () => 's3://bucket/there.zip',
      'ERR_ACCESS_DENIED',
    ],
    ['a wrong secret', wrongSecret, () => 's3://bucket/there.zip', 'ERR_ACCESS_DENIED'],
    [
      'no keys at all',
      () => useKeys({ accessKeyId: undefined, secretAccessKey: undefined }),
      () => 's3://bucket/there.zip',
      'ERR_NO_CREDENTIALS',
    ],
    ['an expired link', () => undefined, expired, 'ERR_LINK_EXPIRED'],
  ])('%s · is said, and leaves nothing', async (_, prepare, address, code) => {
    prepare();
    const cache = newCache();
    const error = await open(address(), cache).catch((failure: Error) => failure);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([error, (error as Error).message])).not.toMatch(/X-Amz|secret-key|[?]/);
    expect(await readdir(cache)).toEqual([]);
  });

  test('another region · is said', async () => {
    const elsewhere = { endpoint: server.endpoint, region: 'us-west-2' };
    await expect(open('s3://bucket/there.zip', newCache(), elsewhere)).rejects.toMatchObject({
      code: 'ERR_WRONG_REGION',
    });
  });
});
