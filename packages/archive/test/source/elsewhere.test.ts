import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type ByteSource, memorySource, openEntry, openRecording } from '../../src/index.ts';
import { collect, drain, failure } from '../builders/open.ts';
import { dump, metadata, nested, segment } from '../builders/recording.ts';
import { buildTar } from '../builders/tar.ts';
import { buildZip } from '../builders/zip.ts';

const SIZE = 300_000;

const FILES = [
  ...nested('alice'),
  { name: 'rec/bob/session_1/audio_1.rtpdump', data: dump('bob', SIZE) },
  { name: 'rec/bob/session_1/timing_metadata.json', data: metadata('bob', [segment('audio_1')]) },
  { name: 'rec/carol/session_1/audio_1.rtpdump', data: dump('carol', SIZE) },
  { name: 'rec/carol/session_1/timing_metadata.json', data: metadata('carol', [segment('audio_1')]) },
];

/** Bytes that must be ensured, as a network's must; what was ensured or read is marked in `here`. */
function farSource(bytes: Uint8Array): { source: ByteSource; here: Uint8Array } {
  const here = new Uint8Array(bytes.length);
  const source: ByteSource = {
    ...memorySource(bytes, 'far.zip'),
    byteLength: bytes.length,
    ensure: async (position, length) => {
      here.fill(1, position, position + length);
    },
    read: async (position, length) => {
      here.fill(1, position, position + length);
      return bytes.slice(position, position + length);
    },
  };
  return { source, here };
}

const count = (here: Uint8Array): number => here.reduce((sum, one) => sum + one, 0);

describe('an archive that is read over a network', () => {
  test.each([
    ['ZIP, stored', buildZip(FILES)],
    ['tar', buildTar(FILES)],
  ])('%s · fetching a dump brings its bytes, and no other dump', async (_, bytes) => {
    const { source, here } = farSource(bytes);
    await using recording = await openRecording(source);
    const bob = recording.tracks.find(({ userId }) => userId === 'bob')?.segments[0]?.dump;
    if (bob === undefined) throw new Error('bob has a dump');
    const before = count(here);
    await recording.fetch([bob]);
    expect(count(here) - before).toBeLessThanOrEqual(SIZE + 100);
    const holed = bytes.map((byte, at) => (here[at] === 1 ? byte : 0));
    expect((await drain(bob, holed)).bytes).toEqual(dump('bob', SIZE));
  });

  test('an archive of this machine · has nothing to fetch', async () => {
    await using recording = await openRecording(memorySource(buildZip(FILES)));
    await recording.fetch(recording.tracks.flatMap(({ segments }) => segments[0]?.dump ?? []));
    expect(recording.transferred).toBeUndefined();
  });

  test.each([
    ['its start', 0],
    ['the directory', 1],
    ['an SDP or metadata', 2],
  ])('a network that fails at %s · fails the opening, and is no damage', async (_, reads) => {
    const { source } = farSource(buildZip(FILES));
    const broken = new Error('the network is down');
    let left = reads;
    const failing: ByteSource = {
      ...source,
      read: (position, length) => (left-- > 0 ? source.read(position, length) : Promise.reject(broken)),
    };
    await expect(openRecording(failing)).rejects.toBe(broken);
  });
});

describe('an address', () => {
  test('over HTTP · is read in ranges, and leaves nothing behind', async () => {
    const bytes = buildZip(FILES);
    let sent = 0;
    const server = createServer((request, response) => {
      const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
      const end = to === '' ? bytes.length : Math.min(bytes.length, Number(to) + 1);
      const part = bytes.subarray(Number(from), end);
      sent += part.length;
      response.writeHead(206, {
        etag: '"one"',
        'content-length': part.length,
        'content-range': `bytes ${from}-${end - 1}/${bytes.length}`,
      });
      response.end(part);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const address = `http://127.0.0.1:${port}/call.zip?signature=5ec7e7`;
      await using recording = await openRecording(address);
      expect(recording.source).toBe(`http://127.0.0.1:${port}/call.zip`);
      const carol = recording.tracks.find(({ userId }) => userId === 'carol')?.segments[0]?.dump;
      if (carol === undefined) throw new Error('carol has a dump');
      await recording.fetch([carol]);
      expect(Buffer.concat(await collect(openEntry(carol)))).toEqual(dump('carol', SIZE));
      expect(recording.transferred).toBe(sent);
      await recording.close();
      expect(await failure(collect(openEntry(carol)))).toMatchObject({ code: 'ERR_INPUT_NOT_FOUND' });
    } finally {
      server.close();
    }
  });
});
