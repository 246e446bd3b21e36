import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@rawreel/processor';
import { StorageError } from '@rawreel/storage';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeliveryError, type Doors, deliver, type StorageDoor } from '../src/index.ts';
import { newFolder, orderFor } from './sample.ts';

const OUTPUT = 's3://media/calls/';
const MANIFEST = 's3://media/calls/manifest.json';

/** A bucket that holds what is put there. */
class FakeBucket {
  readonly objects = new Map<string, string>();
  /** End of the addresses that nothing can be put at. */
  refused: string | undefined;
  /** Called when the manifest is about to be replaced. */
  onReplacing: () => void = () => undefined;
  knowsConditions = true;
  #version = 0;

  put(address: string, text: string): void {
    this.objects.set(address, text);
    this.#version += 1;
  }

  get doors(): Doors {
    const storage: Partial<StorageDoor> = {
      uploadFile: async (path, address, { ifMatch, ifNoneMatch } = {}) => {
        if (this.refused !== undefined && address.endsWith(this.refused))
          throw new StorageError('ERR_ACCESS_DENIED', 'access is denied', { hint: 'Ask for it.' });
        if (address === MANIFEST) this.onReplacing();
        const hasCondition = ifMatch !== undefined || ifNoneMatch !== undefined;
        if (hasCondition && !this.knowsConditions) throw new StorageError('ERR_NOT_SUPPORTED', 'unknown');
        const isOther = ifMatch !== undefined && ifMatch !== this.#etag;
        if (isOther || (ifNoneMatch === '*' && this.objects.has(address)))
          throw new StorageError('ERR_OBJECT_CHANGED', 'another run wrote it meanwhile');
        this.put(address, readFileSync(path, 'latin1'));
        return { etag: this.#etag };
      },
      downloadSmall: async (address) => {
        const text = this.objects.get(address);
        return text === undefined ? undefined : { bytes: Buffer.from(text), etag: this.#etag };
      },
    };
    return {
      archive: () => import('@rawreel/archive'),
      processor: () => import('@rawreel/processor'),
      storage: async () => storage as StorageDoor,
    };
  }

  get #etag(): string {
    return `"${this.#version}"`;
  }

  get manifestPaths(): string[] {
    return (JSON.parse(this.objects.get(MANIFEST) ?? '') as Manifest).files.map(({ path }) => path);
  }
}

/** What the manifest of somebody else's run says. */
const othersManifest = (bucket: FakeBucket, path: string): string => {
  const { files } = JSON.parse(bucket.objects.get(MANIFEST) ?? '') as Manifest;
  return JSON.stringify({ version: 1, files: [{ ...files[0], path }] });
};

async function audioAndVideo(bucket: FakeBucket, cacheFolder: string | undefined) {
  const order = orderFor(OUTPUT, { plan: { outputs: ['audio', 'video'] }, remote: { cacheFolder } });
  return await deliver(order, {}, bucket.doors);
}

describe('outputs into a bucket', () => {
  test('all uploaded · is there with its manifest, and nothing is left here', async () => {
    const [bucket, cacheFolder] = [new FakeBucket(), await newFolder()];
    const { report, destination } = await audioAndVideo(bucket, cacheFolder);
    const paths = report.files.map(({ path }) => path);
    expect([paths.length, destination]).toEqual([2, 's3://media/calls']);
    expect([...bucket.objects.keys()].sort()).toEqual(
      [...paths, 'manifest.json'].map((path) => `s3://media/calls/${path}`).sort(),
    );
    expect(bucket.manifestPaths.sort()).toEqual(paths.sort());
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  test.each([
    ['in the cache folder', true],
    ['without one', false],
  ])('one refused · has failed, and is kept here: %s', async (_, hasCache) => {
    const bucket = new FakeBucket();
    bucket.refused = 'video_only_1795404256492.mkv';
    const folder = await newFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const cacheFolder = hasCache ? folder : undefined;
    const { report } = await audioAndVideo(bucket, cacheFolder);
    expect(report.files.map(({ kind }) => kind)).toEqual(['audio']);
    expect(report.failures).toMatchObject([
      { kind: 'video', code: 'ERR_ACCESS_DENIED', message: 'not uploaded: access is denied' },
    ]);
    const kept = /^Ask for it\.\nIt is kept on this machine: (.+)$/.exec(report.failures[0]?.hint ?? '')?.[1];
    expect(existsSync(kept ?? '')).toBe(true);
    expect(kept).toContain(join(folder, hasCache ? 'not-uploaded-' : 'rawreel-'));
    expect(bucket.manifestPaths).toEqual(report.files.map(({ path }) => path));
  });

  test('a manifest that others change meanwhile · is merged again', async () => {
    const bucket = new FakeBucket();
    await audioAndVideo(bucket, undefined);
    const others = othersManifest(bucket, 'carol.mkv');
    let changes = 0;
    bucket.onReplacing = () => {
      changes += 1;
      if (changes === 1) bucket.put(MANIFEST, others);
    };
    const { report } = await audioAndVideo(bucket, undefined);
    expect(bucket.manifestPaths.sort()).toEqual(
      [...report.files.map(({ path }) => path), 'carol.mkv'].sort(),
    );
  });

  test('a manifest that others change each time · is an error; the files are there', async () => {
    const bucket = new FakeBucket();
    await audioAndVideo(bucket, undefined);
    const others = othersManifest(bucket, 'carol.mkv');
    bucket.objects.clear();
    bucket.onReplacing = () => bucket.put(MANIFEST, others);
    const failure = await audioAndVideo(bucket, undefined).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeliveryError);
    expect(failure).toMatchObject({
      code: 'ERR_OBJECT_CHANGED',
      message: 's3://media/calls/manifest.json was changed by other writers again and again',
    });
    expect(bucket.objects.size).toBe(3);
  });

  test('a server that knows no conditions · has the last manifest win', async () => {
    const bucket = new FakeBucket();
    bucket.knowsConditions = false;
    const { report } = await audioAndVideo(bucket, undefined);
    expect(bucket.manifestPaths).toHaveLength(report.files.length);
  });

  test('files there of another recording · are not touched, and those of the same are made anew', async () => {
    const [bucket, cacheFolder] = [new FakeBucket(), await newFolder()];
    const order = orderFor(OUTPUT, { overwrite: false, remote: { cacheFolder } });
    const [file] = (await deliver(order, {}, bucket.doors)).report.files;
    expect((await deliver(order, {}, bucket.doors)).report.failures).toEqual([]);
    bucket.put(
      MANIFEST,
      (bucket.objects.get(MANIFEST) ?? '').replaceAll('"id": "wild-vp8"', '"id": "retro"'),
    );
    bucket.put(`s3://media/calls/${file?.path}`, 'theirs');
    const { report } = await deliver(order, {}, bucket.doors);
    expect(report).toMatchObject({ files: [], failures: [{ path: file?.path, code: 'ERR_OUTPUT_EXISTS' }] });
    expect(report.failures[0]?.message).toMatch(
      /^s3:\/\/media\/calls\/.* is there already, and is of another recording: default:retro, begun at/,
    );
    expect(bucket.objects.get(`s3://media/calls/${file?.path}`)).toBe('theirs');
  });

  test('a manifest there that is not ours · ends it before anything is made', async () => {
    const [bucket, cacheFolder] = [new FakeBucket(), await newFolder()];
    bucket.put(MANIFEST, 'not ours');
    await expect(audioAndVideo(bucket, cacheFolder)).rejects.toMatchObject({
      code: 'ERR_MANIFEST_UNREADABLE',
    });
    expect([bucket.objects.size, readdirSync(cacheFolder)]).toEqual([1, []]);
  });
});
