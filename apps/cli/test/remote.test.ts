import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkFolder, type Report } from '@rawreel/processor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoragePackage } from '../src/lazy-packages.ts';
import { CodedError, rawreel, report, reportedFile } from './fakes.ts';

const LINK = 'https://media.example/calls/standup.zip?X-Amz-Signature=5ec7e7&X-Amz-Expires=60';
const SECRET = '5ec7e7';
const CACHE = ['--cache-dir', '/tmp/rawreel-test-cache'];

describe('a recording at an address', () => {
  test('a link · is opened with the cache, and its reading is told', async () => {
    const { exitCode, stderr, told } = await rawreel(['list-tracks', '--input-s3', LINK, ...CACHE], {
      transferred: 1_200_000,
    });
    expect(exitCode).toBe(0);
    expect(told.opened?.path).toBe(LINK);
    expect(told.opened?.options?.remote).toMatchObject({
      cacheFolder: '/tmp/rawreel-test-cache',
      keep: true,
    });
    expect(stderr).toMatch(/^1\.2 MB of .* read over the network$/m);
  });

  test('--quiet · says nothing of it', async () => {
    const args = ['list-tracks', '--input-s3', LINK, ...CACHE, '--quiet'];
    expect((await rawreel(args, { transferred: 1_200_000 })).stderr).toBe('');
  });

  test('--no-cache and --s3-endpoint · reach the reader', async () => {
    const args = [
      'list-tracks',
      '--input-s3',
      's3://calls/a.zip',
      '--no-cache',
      '--s3-endpoint',
      'http://[::1]:9000',
    ];
    const { told } = await rawreel([...args, ...CACHE]);
    expect(told.opened?.options?.remote).toMatchObject({
      keep: false,
      s3: { endpoint: 'http://[::1]:9000' },
    });
  });

  test('a path of this machine · is opened without any of it', async () => {
    const { told } = await rawreel(['list-tracks', '--input-file', 'call.zip']);
    expect(told.opened?.options?.remote).toBeUndefined();
  });

  test.each([
    [['--input-s3', 'call.zip'], /--input-s3 takes s3:\/\/bucket\/key or an https:\/\/ link, not "call.zip"/],
    [['--input-s3', LINK, '--input-file', 'call.zip'], /--input-file and --input-s3 cannot be used together/],
    [['--input-s3', ''], /--input-s3 is empty/],
    [['--input-s3', LINK, '--s3-endpoint', 'minio:9000'], /--s3-endpoint takes an address/],
    [['--input-s3', LINK, '--cache-dir', ''], /--cache-dir is empty/],
  ])('%j · is a usage error', async (args, message) => {
    const { exitCode, stderr } = await rawreel(['list-tracks', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('the signature of a link · is in no message', async () => {
    const unknown = await rawreel(
      ['extract-audio', '--input-s3', LINK, '--output', 'out', '--user-id', 'nobody', '--verbose', ...CACHE],
      { planError: Object.assign(new Error('no user'), { code: 'ERR_NO_SUCH_USER' }) },
    );
    expect(unknown.stderr).toContain("'https://media.example/calls/standup.zip?…'");
    const stray = await rawreel(['list-tracks', 'call.zip', LINK]);
    expect(stray.stderr).toContain('standup.zip?…');
    const output = await rawreel(['extract-audio', '--input-file', 'call.zip', '--output', LINK]);
    expect(output.exitCode).toBe(2);
    expect(output.stderr).toContain('--output takes a folder or s3://bucket/prefix');
    for (const { stdout, stderr } of [unknown, stray, output]) expect(stdout + stderr).not.toContain(SECRET);
  });
});

describe('outputs into a bucket', () => {
  let cacheFolder: string;
  beforeEach(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'rawreel-bucket-'));
  });
  afterEach(() => rm(cacheFolder, { recursive: true }));

  /** A run that makes two files; their uploads, and that of the manifest, are the bucket's affair. */
  const makeTwo = (storage: Partial<StoragePackage>, ...more: string[]) => {
    const files = [reportedFile(), reportedFile({ path: 'bob.mkv', userId: 'bob', trackId: 't-bob-mic' })];
    const making = (folder: string) => {
      for (const { path } of files) writeFileSync(join(folder, path), path);
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: 1, files }));
    };
    const events = files.map(({ path, byteLength, durationMs }) => ({
      type: 'output-finished' as const,
      file: path,
      byteLength,
      durationMs,
    }));
    const args = ['extract-audio', '--input-file', 'call.zip', '--output', 's3://media/standup/'];
    return rawreel([...args, '--cache-dir', cacheFolder, ...more], {
      storage,
      processor: { openWorkFolder },
      making,
      events,
      report: report({ files }),
    });
  };

  /** A bucket that holds what is put there. */
  function bucket(refused = '') {
    const objects = new Map<string, string>();
    const storage: Partial<StoragePackage> = {
      async uploadFile(path, address) {
        if (refused !== '' && address.endsWith(refused))
          throw new CodedError(
            'ERR_ACCESS_DENIED',
            `${address} cannot be uploaded: access is denied`,
            'Ask for it.',
          );
        objects.set(address, readFileSync(path, 'utf8'));
        return { etag: '"1"' };
      },
      async downloadSmall(address) {
        const text = objects.get(address);
        return text === undefined ? undefined : { bytes: Buffer.from(text), etag: '"1"' };
      },
    };
    return { objects, storage };
  }

  test('all uploaded · nothing is left here', async () => {
    const { objects, storage } = bucket();
    const { exitCode, stdout } = await makeTwo(storage);
    expect([exitCode, [...objects.keys()].sort()]).toEqual([
      0,
      ['alice.mkv', 'bob.mkv', 'manifest.json'].map((name) => `s3://media/standup/${name}`),
    ]);
    expect(stdout).toContain('2 files in s3://media/standup/');
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  test('one refused · has failed, is named with its place here, and is not in the manifest', async () => {
    const { objects, storage } = bucket('bob.mkv');
    const { exitCode, stdout } = await makeTwo(storage, '--json');
    expect(exitCode).toBe(1);
    const { files, failures } = JSON.parse(stdout) as Report;
    expect(files.map(({ path }) => path)).toEqual(['alice.mkv']);
    expect(failures).toMatchObject([{ path: 'bob.mkv', code: 'ERR_ACCESS_DENIED' }]);
    const kept = /It is kept on this machine: (.+)$/.exec(failures[0]?.hint ?? '')?.[1] ?? '';
    expect(readFileSync(kept, 'utf8')).toBe('bob.mkv');
    expect(objects.get('s3://media/standup/manifest.json')).not.toContain('bob');
    await makeTwo(bucket().storage);
    expect(existsSync(kept)).toBe(true);
  });
});

describe('the cache', () => {
  const cached = [
    {
      description: 's3://calls/standup.zip',
      byteLength: 2_000_000_000,
      present: 5_000_000,
      lastUsedMs: Date.UTC(2026, 10, 26, 12),
      inUse: true,
    },
  ];

  test('list · says what is there, of what, and whether it is in use', async () => {
    const { stdout } = await rawreel(['cache', 'list', ...CACHE], { cached });
    expect(stdout).toContain('1 recording in /tmp/rawreel-test-cache (5.0 MB)');
    expect(stdout).toMatch(/5\.0 MB +2\.0 GB +2026-11-26T12:00 +s3:\/\/calls\/standup\.zip \(in use\)/);
  });

  test('list --json · the same for a program', async () => {
    const { stdout } = await rawreel(['cache', 'list', '--json', ...CACHE], { cached });
    expect(JSON.parse(stdout)).toEqual({ folder: '/tmp/rawreel-test-cache', recordings: cached });
  });

  test('clear · says what went', async () => {
    const { stdout } = await rawreel(['cache', 'clear', ...CACHE], { cached });
    expect(stdout).toBe('1 recording removed from /tmp/rawreel-test-cache (5.0 MB)\n');
  });

  test('another word · is refused', async () => {
    expect((await rawreel(['cache', 'empty', ...CACHE])).exitCode).toBe(2);
  });
});
