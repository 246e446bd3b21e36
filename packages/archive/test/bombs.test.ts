import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  MAX_SMALL_ENTRY,
  MOST_NAME_CHARACTERS,
  MOST_NODES,
  mostInflated,
  mostUnlisted,
} from '../src/bounds.ts';
import { EntryCollector } from '../src/container/contents.ts';
import { ArchiveError } from '../src/index.ts';
import { matchFiles } from '../src/metadata/match-files.ts';
import { readMetadata } from '../src/metadata/read-metadata.ts';
import { ProblemList } from '../src/problem-list.ts';
import { Turns } from '../src/turns.ts';
import { codes, drain, failure, openBytes, openZip, users } from './builders/open.ts';
import { dump, type File, metadata, nested, segment } from './builders/recording.ts';
import { buildTar, padded, paxRecord, rawTarHeader } from './builders/tar.ts';
import { buildZip, type ZipEntryRecipe } from './builders/zip.ts';

/** One session's metadata that lists so many audio segments, each a track of its own. */
function listing(count: number): File {
  const segments = Array.from({ length: count }, (_, at) => segment(`audio_${at}`, { track_id: `t${at}` }));
  return { name: 'timing_metadata.json', data: metadata('alice', segments) };
}

describe('ZIP · entries that claim the same bytes', () => {
  test('hundreds of names for one entry give one dump, and damage for each other', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `audio_${at}.rtpdump`);
    const entries: ZipEntryRecipe[] = [
      { name: 'audio_0.rtpdump', data: dump('alice', 100_000) },
      listing(300),
      ...names.slice(1).map((name) => ({ name, data: dump('alice', 100_000), offset: 0, unwritten: true })),
    ];
    const bytes = buildZip(entries);
    await using recording = await openBytes(bytes);
    const dumps = recording.tracks.flatMap(({ segments }) => segments[0]?.dump ?? []);
    expect(dumps.map(({ name }) => name)).toEqual(['audio_0.rtpdump']);
    expect((await drain(dumps[0], bytes)).bytes).toEqual(dump('alice', 100_000));
    const refused = recording.problems.filter(({ code }) => code === 'ENTRY_OVERLAP');
    expect(refused).toHaveLength(299);
    expect(refused[0]).toMatchObject({ severity: 'damage', userId: 'alice' });
  });

  test('one name for it a thousand times is one entry', async () => {
    const first = { name: 'audio_0.rtpdump', data: dump('alice') };
    const again = { ...first, offset: 0, unwritten: true };
    const bytes = buildZip([first, listing(1), ...Array.from({ length: 1000 }, () => again)]);
    await using recording = await openBytes(bytes);
    expect(new Set(codes(recording))).toEqual(new Set(['ENTRY_DUPLICATE notice', 'SDP_MISSING notice']));
    expect(recording.tracks).toHaveLength(1);
  });

  test('an entry that claims the whole archive costs none of the others', async () => {
    const files = [...nested('alice'), ...nested('bob')];
    const claimed = { name: 'm.rtpdump', unwritten: true, offset: 0, compressedSize: 2_000_000 };
    await using recording = await openBytes(buildZip([...files, claimed]));
    expect(codes(recording)).toEqual(['ENTRY_OVERLAP damage']);
    expect(users(recording)).toEqual(['alice', 'bob']);
    expect(recording.tracks.every(({ segments }) => segments[0]?.dump !== undefined)).toBe(true);
  });

  test('each header quoted by the entry before it: what is left has no more bytes than the archive', async () => {
    const files = Array.from({ length: 50 }, (_, at) => ({
      name: `audio_${at}.rtpdump`,
      data: dump(String(at), 1000),
      stored: true,
    }));
    const end = buildZip(files).indexOf('PK\x01\x02', 0, 'latin1');
    // Every one goes on to the end of the last.
    const starts = offsetsOf(files);
    const quoting = files.map((file, at) => ({ ...file, compressedSize: end - (starts[at] ?? 0) - 30 - 16 }));
    const bytes = buildZip([...quoting, listing(50)]);
    await using recording = await openBytes(bytes);
    const dumps = recording.tracks.flatMap(({ segments }) => segments[0]?.dump ?? []);
    const claimed = dumps.reduce((sum, at) => sum + (at.container === 'zip' ? at.compressedSize : 0), 0);
    expect(claimed).toBeLessThan(bytes.length);
    expect(codes(recording).filter((code) => code === 'ENTRY_OVERLAP damage').length).toBeGreaterThan(40);
  });
});

describe('dumps that come to more than an archive can hold', () => {
  const declared = 150 * 1024 * 1024;
  const bombs = Array.from({ length: 4 }, (_, at) => ({
    name: `rec/alice/session_1/audio_${at + 2}.rtpdump`,
    data: 'x',
    size: declared,
  }));
  const segments = ['audio_1', ...bombs.map((_, at) => `audio_${at + 2}`)].map((base) => segment(base));
  const files = nested('alice').map((file) =>
    file.name.endsWith('.json') ? { ...file, data: metadata('alice', segments) } : file,
  );

  test('the largest are refused, what is beside them stays', async () => {
    await using recording = await openBytes(buildZip([...bombs, ...files, ...nested('bob')]));
    expect(users(recording)).toEqual(['alice', 'bob']);
    const there = recording.tracks.flatMap(({ segments }) =>
      segments.filter((one) => one.dump !== undefined),
    );
    expect(there.map(({ base }) => base)).toEqual(['audio_1', 'audio_2', 'audio_1']);
    const refused = recording.problems.filter(({ code }) => code === 'ENTRY_TOO_LARGE');
    expect(refused.map(({ segment: base }) => base)).toEqual(['audio_3', 'audio_4', 'audio_5']);
    expect(refused[0]?.message).toMatch(/more than 268 MB together, out of an archive of [\d.]+ (bytes|kB)/);
  });

  test('unless a larger entry is asked for', async () => {
    await using recording = await openBytes(buildZip([...bombs, ...files]), {
      limits: { maxEntrySize: 4 * 1024 ** 3 },
    });
    expect(codes(recording)).not.toContain('ENTRY_TOO_LARGE damage');
  });

  test('the bound grows with the archive', () => {
    expect(mostInflated(1000, undefined)).toBe(256 * 1024 ** 2);
    expect(mostInflated(1024 ** 3, undefined)).toBe(100 * 1024 ** 3);
  });
});

describe('tar.gz · what is written to disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bombs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const spooled = async (): Promise<number[]> => {
    const [own = ''] = await readdir(folder);
    const names = await readdir(join(folder, own));
    return await Promise.all(names.map(async (name) => (await stat(join(folder, own, name))).size));
  };

  test('only dumps that metadata lists, wherever it stands', async () => {
    for (const files of [nested('alice'), nested('alice').reverse()]) {
      const unlisted = { name: 'rec/alice/session_1/audio_2.rtpdump', data: dump('nobody', 50_000) };
      await using recording = await openBytes(gzipSync(buildTar([unlisted, ...files])), {
        spoolFolder: folder,
      });
      expect(codes(recording)).toEqual(['DUMP_UNLISTED notice']);
      expect(await spooled()).toEqual([2000]);
    }
  });

  test('a dump of a name that is there twice is written once', async () => {
    const files = nested('alice');
    await using recording = await openBytes(gzipSync(buildTar([...files, ...files])), {
      spoolFolder: folder,
    });
    expect(new Set(codes(recording))).toEqual(new Set(['ENTRY_DUPLICATE notice']));
    expect(await spooled()).toEqual([2000]);
  });

  test('large ones only once they are known to be listed, in a second pass', async () => {
    const size = 40 * 1024 * 1024;
    const big = (at: number): File => ({ name: `rec/audio_${at}.rtpdump`, data: dump(String(at), size) });
    const listed = [1, 3, 4].map((at) => segment(`audio_${at}`));
    const files = [
      ...[0, 1, 2, 3].map(big),
      { name: 'rec/audio_4.rtpdump', data: dump('4') },
      { name: 'rec/timing_metadata.json', data: metadata('alice', listed) },
    ];
    const bytes = gzipSync(buildTar(files), { level: 1 });
    // The first would fit, and all of them would not.
    expect(mostUnlisted(bytes.length)).toBeGreaterThan(size);
    expect(mostUnlisted(bytes.length)).toBeLessThan(3 * size);
    await using recording = await openBytes(bytes, { spoolFolder: folder });
    expect((await spooled()).sort((a, b) => a - b)).toEqual([2000, size, size]);
    const segments = recording.tracks[0]?.segments ?? [];
    for (const { base, dump: location } of segments) {
      expect(location?.container).toBe('file');
      const { bytes: read } = await drain(location);
      expect(read.subarray(0, 40)).toEqual(dump(base.slice(-1), 40));
    }
  });
});

describe('tar · headers', () => {
  test('extended headers that no entry follows end the archive, and it is said', async () => {
    const fields = paxRecord('comment', 'c'.repeat(3_900_000));
    const pax = Buffer.concat([rawTarHeader('p', 'x', fields.length), padded(fields)]);
    const bytes = Buffer.concat([
      buildTar(nested('alice'), { endMark: false }),
      ...Array.from({ length: 6 }, () => pax),
      buildTar(nested('bob')),
    ]);
    await using recording = await openBytes(gzipSync(bytes, { level: 1 }));
    expect(users(recording)).toEqual(['alice']);
    expect(codes(recording)).toEqual(['ARCHIVE_TRUNCATED damage']);
  });

  test('a sparse file is refused: its bytes are not where they should be', async () => {
    const fields = Buffer.concat([
      paxRecord('GNU.sparse.major', '1'),
      paxRecord('GNU.sparse.realsize', '1000000000000'),
    ]);
    const sparse = Buffer.concat([
      rawTarHeader('p', 'x', fields.length),
      padded(fields),
      rawTarHeader('rec/alice/session_1/audio_2.rtpdump', '0', 512),
      Buffer.alloc(512),
    ]);
    await using recording = await openBytes(Buffer.concat([sparse, buildTar(nested('alice'))]));
    expect(codes(recording)).toEqual(['ENTRY_DAMAGED damage']);
    expect(recording.problems[0]?.message).toMatch(/sparse/);
  });
});

test('names · all of them together are bounded', () => {
  const problems = new ProblemList();
  const collector = new EntryCollector({ maxEntrySize: 1, maxEntries: 100_000, maxInflated: 1 }, problems);
  const name = 'n'.repeat(4096);
  let counted = 0;
  while (collector.countOne(name) === 'go on') counted += 1;
  expect(counted).toBe(MOST_NAME_CHARACTERS / 4096);
  expect(problems.toArray()).toMatchObject([{ code: 'ENTRIES_TOO_MANY', severity: 'damage' }]);
});

describe('metadata · ids, lists and values beyond all bounds', () => {
  const withAlice = (data: string): File[] => [
    ...nested('alice'),
    { name: 'rec/bob/session_1/audio_1.rtpdump', data: dump('bob') },
    { name: 'rec/bob/session_1/timing_metadata.json', data },
  ];
  const long = 'u'.repeat(1_000_000);

  test.each([
    ['a user id', metadata(long), /"participant_id" has 1000000 characters, at most 1000 are read/],
    ['a session id', metadata('bob', [], [], { user_session_id: long }), /"user_session_id" has 1000000/],
  ])('%s of a megabyte costs its session, and is said', async (_, data, reason) => {
    await using recording = await openZip(withAlice(data));
    expect(users(recording)).toEqual(['alice']);
    expect(recording.problems[0]).toMatchObject({ code: 'METADATA_UNREADABLE', severity: 'damage' });
    expect(recording.problems[0]?.message).toMatch(reason);
    expect(JSON.stringify(recording.problems).length).toBeLessThan(2000);
  });

  test.each(['track_id', 'codec', 'track_type', 'base_filename'])(
    'a %s of a megabyte costs its segment, and is said',
    async (field) => {
      const segments = [segment('audio_1'), segment('audio_2', { [field]: long })];
      await using recording = await openZip(withAlice(metadata('bob', segments)));
      expect(recording.sessions.map(({ userId }) => userId)).toEqual(['alice', 'bob']);
      const bob = recording.tracks.filter(({ userId }) => userId === 'bob');
      expect(bob.flatMap(({ segments }) => segments.map(({ base }) => base))).toEqual(['audio_1']);
      expect(recording.problems[0]?.message).toMatch(
        new RegExp(`audio segment 2 cannot be used: "${field}" has 1000000`),
      );
    },
  );

  test('a call id of a megabyte is not used, and is said; the media stays', async () => {
    await using recording = await openZip(withAlice(metadata('bob', undefined, [], { call_id: long })));
    expect(users(recording)).toEqual(['alice', 'bob']);
    expect(recording.problems[0]?.message).toMatch(/its call_id is not used: it has 1000000 characters/);
  });

  test.each([
    ['10,000 nested lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['10,000 nested objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a text of a megabyte', JSON.stringify(long)],
  ])('%s in place of a time cost that time', async (_, value) => {
    const text = metadata('bob').replace(
      `"first_rtp_unix_timestamp":`,
      `"first_rtp_unix_timestamp":${value},"x":`,
    );
    await using recording = await openZip(withAlice(text));
    expect(users(recording)).toEqual(['alice', 'bob']);
    const [problem] = recording.problems;
    expect(problem).toMatchObject({ code: 'METADATA_TIMES_UNUSABLE', userId: 'bob' });
    expect(problem?.message.length).toBeLessThan(300);
    const whose = recording.tracks.map(({ segments }) => segments[0]?.dump?.name);
    expect(whose.every((name) => name !== undefined)).toBe(true);
  });

  test('segments beyond what all metadata may list are counted', async () => {
    const bytes = Buffer.from(
      metadata(
        'bob',
        Array.from({ length: 9 }, (_, at) => segment(`audio_${at}`)),
      ),
    );
    const reading = await readMetadata(bytes, { left: 4 }, new Turns(undefined));
    expect('metadata' in reading && reading.metadata.segments).toHaveLength(4);
    expect('metadata' in reading && reading.metadata.broken).toEqual([
      expect.stringMatching(/audio segments from 5 to 9 are left out: .* more than 100000/),
    ]);
  });

  test('lists and objects without number cost their session before they are memory', async () => {
    const text = metadata('bob', [], [], { x: Array.from({ length: MOST_NODES }, () => []) });
    await using recording = await openZip(withAlice(text));
    expect(users(recording)).toEqual(['alice']);
    expect(recording.problems[0]?.message).toMatch(/more than 400000 lists and objects/);
  });

  test('where all of it is too much, the smallest is read', async () => {
    const filler = ' '.repeat(MAX_SMALL_ENTRY - 1000);
    const large = Array.from({ length: 9 }, (_, at) => ({
      name: `${at}/timing_metadata.json`,
      data: metadata(`user-${at}`) + filler,
    }));
    await using recording = await openZip([...large, ...nested('alice')]);
    expect(recording.sessions.map(({ userId }) => userId)).toContain('alice');
    const refused = recording.problems.filter(({ code }) => code === 'METADATA_UNREADABLE');
    expect(refused.map(({ entry }) => entry)).toEqual(['8/timing_metadata.json']);
  });

  test('150,000 segments that cannot be used are told in bounded number', async () => {
    const text = metadata('bob', []).replace('"audio":[]', `"audio":[${'1,'.repeat(149_999)}1]`);
    await using recording = await openZip(withAlice(text));
    const broken = recording.problems.filter(({ code }) => code === 'METADATA_UNREADABLE');
    expect(broken.length).toBeLessThan(30);
    expect(broken.at(-1)?.message).toMatch(/\d+ more of its audio segments cannot be used/);
  });
});

describe('long work · hears a signal', () => {
  /** Says that it is over each time, and is aborted at the third. */
  class Impatient extends Turns {
    asked = 0;
    override get isOver(): boolean {
      return true;
    }
    override async next(): Promise<void> {
      this.asked += 1;
      if (this.asked === 3) throw new ArchiveError('ERR_ABORTED', 'enough');
    }
  }
  const claimants = Array.from({ length: 10 }, (_, at) => ({
    folder: 'rec',
    base: `audio_${at}`,
    userId: 'alice',
    sessionId: 's',
    identity: String(at),
  }));

  test('matching files', async () => {
    const turns = new Impatient(undefined);
    const error = await failure(matchFiles(claimants, [], '.rtpdump', [], turns));
    expect(error.code).toBe('ERR_ABORTED');
    expect(turns.asked).toBe(3);
  });

  test('reading metadata', async () => {
    const bytes = Buffer.from(
      metadata(
        'alice',
        claimants.map(({ base }) => segment(base)),
      ),
    );
    const error = await failure(readMetadata(bytes, { left: 100 }, new Impatient(undefined)));
    expect(error.code).toBe('ERR_ABORTED');
  });

  test('opening an archive of very many entries', async () => {
    const names = Array.from({ length: 40_000 }, (_, at) => ({
      name: `rec/${at}/audio_${at}.rtpdump`,
      data: '',
    }));
    const abort = new AbortController();
    const opening = openBytes(buildZip([...names, listing(20_000)]), { signal: abort.signal });
    // Comes only if the loop of events is given a turn before all is done.
    setImmediate(() => abort.abort());
    expect((await failure(opening)).code).toBe('ERR_ABORTED');
  });
});

function offsetsOf(files: readonly ZipEntryRecipe[]): number[] {
  return files
    .map((_, at) => buildZip(files.slice(0, at)).indexOf('PK\x05\x06', 0, 'latin1'))
    .map((end, at) => (at === 0 ? 0 : end - directoryLength(files.slice(0, at))));
}

function directoryLength(files: readonly ZipEntryRecipe[]): number {
  return files.reduce((sum, { name }) => sum + 46 + Buffer.from(name).length, 0);
}
