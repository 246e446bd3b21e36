import type { RecordingWithHistory } from '@rawreel/jobs';
import { expect, test } from 'vitest';
import { type AdmissionOptions, Room } from '../../src/work/admission.ts';
import { archiveSize } from '../../src/work/archive-size.ts';
import { fileSystemOf } from '../../src/work/free-disk.ts';
import { freeMemory } from '../../src/work/free-memory.ts';
import { queued } from '../builders/recordings.ts';
import { serveFiles } from '../builders/service.ts';

const [MIB, GB] = [2 ** 20, 1e9];

function room(options: Partial<AdmissionOptions> & { readonly disks?: Record<string, number> }) {
  const { disks = {}, ...more } = options;
  return new Room({
    outputOf: () => '/media',
    cacheFolder: '/cache',
    freeMemory: async () => 8 * GB,
    fileSystemOf: async (folder) => ({
      device: Object.keys(disks).indexOf(folder),
      freeBytes: disks[folder] ?? 1000 * GB,
    }),
    archiveSize: async () => GB,
    ...more,
  });
}
const named = (id: string): RecordingWithHistory => queued({ id });

test('one that fits is admitted; one that does not waits, with what it needs and what there is', async () => {
  expect(await room({}).admit(named('a'))).toBe(true);
  expect(await room({ freeMemory: async () => 300 * MIB }).admit(named('a'))).toEqual({
    why: 'it needs 436 MB of memory; 315 MB are free',
  });
  // 1 GB of archive, 2.5 GB of files, 64 MiB.
  expect(await room({ disks: { '/media': 3.5 * GB } }).admit(named('a'))).toBe(true);
  expect(await room({ disks: { '/media': 2.5 * GB } }).admit(named('a'))).toEqual({
    why: 'it needs 3.6 GB of disk; 2.5 GB are free',
  });
  expect(await room({ disks: { '/media': 3 * GB, '/cache': 0.9 * GB } }).admit(named('a'))).toMatchObject({
    why: expect.stringContaining('900 MB are free'),
  });
  const oneDisk = async () => ({ device: 1, freeBytes: 3.5 * GB });
  expect(await room({ fileSystemOf: oneDisk }).admit(named('a'))).toMatchObject({
    why: expect.stringContaining('it needs 3.6 GB of disk'),
  });
  expect(
    await room({ outputOf: () => 's3://bucket/x', disks: { '/cache': 3.5 * GB } }).admit(named('a')),
  ).toMatchObject({
    why: expect.stringContaining('it needs 3.6 GB of disk'),
  });
});

test('what is being worked on counts until it has ended', async () => {
  const small = room({ disks: { '/media': 5 * GB } });
  expect(await small.admit(named('a'))).toBe(true);
  small.begin(named('a'));
  expect(await small.admit(named('b'))).toEqual({
    why: 'it needs 3.6 GB of disk; 5.0 GB are free, with 1 under way here',
  });
  small.end(named('a'));
  expect(await small.admit(named('b'))).toBe(true);
});

test('the size is asked for once, and not where an event told it; one that nobody tells counts as small', async () => {
  const asked: string[] = [];
  const asking = room({
    archiveSize: async (url) => {
      asked.push(url);
      return asked.length > 1 ? GB : undefined;
    },
  });
  expect(await asking.admit(named('a'))).toBe(true);
  expect(await asking.admit(named('a'))).toBe(true);
  expect(await asking.admit(named('a'))).toBe(true);
  const told = queued({ id: 'b', link: { url: 'x', startMs: 0, endMs: 1, atMs: 2, sizeBytes: 5 } });
  expect(await asking.admit(told)).toBe(true);
  expect(asked).toHaveLength(2);
});

test('a size is what the server says of the whole', async () => {
  const url = await serveFiles(({ url, headers }, response) => {
    if (url === '/ranges') response.writeHead(206, { 'content-range': 'bytes 0-0/1234' }).end('x');
    else if (url === '/whole') response.writeHead(200, { 'content-length': 5 }).end('12345');
    else if (url === '/drop') response.destroy();
    else response.writeHead(403).end(headers.range);
  });
  expect(await archiveSize(`${url}/ranges`)).toBe(1234);
  expect(await archiveSize(`${url}/whole`)).toBe(5);
  expect(await archiveSize(`${url}/refused`)).toBeUndefined();
  expect(await archiveSize(`${url}/drop`)).toBeUndefined();
});

test('this machine has memory, and disk where nothing is yet', async () => {
  expect(await freeMemory()).toBeGreaterThan(0);
  const [there, notYet] = [await fileSystemOf('/tmp'), await fileSystemOf('/tmp/not/yet')];
  expect(notYet.device).toBe(there.device);
  expect(there.freeBytes).toBeGreaterThan(0);
});
