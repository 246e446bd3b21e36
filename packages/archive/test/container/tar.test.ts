import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecording } from '../../src/index.ts';
import { codes, countingSource, drain, failure, openBytes, tarGz, users } from '../builders/open.ts';
import { dump, type File, metadata, nested, segment } from '../builders/recording.ts';
import { buildTar, padded, paxRecord, rawTarHeader, type TarEntryRecipe } from '../builders/tar.ts';

const FILES = nested('alice');

/** The size field overwritten, the checksum right again. */
function withSize(header: Buffer, size: readonly number[]): Buffer {
  header.set(size, 124);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

async function firstDump(bytes: Uint8Array): Promise<Buffer> {
  await using recording = await openBytes(bytes);
  expect(recording.problems).toEqual([]);
  const { bytes: read, error } = await drain(recording.tracks[0]?.segments[0]?.dump, bytes);
  expect(error).toBeUndefined();
  return read;
}

describe('tar · every way of writing the same archive gives the same bytes', () => {
  const long = nested('alice', `${'deep-folder/'.repeat(12)}session_1`);
  const variants: [string, TarEntryRecipe[]][] = [
    ['ustar', FILES],
    ['v7, without magic', FILES.map((file) => ({ ...file, format: 'v7' }))],
    ['GNU long names', long.map((file) => ({ ...file, format: 'gnu' }))],
    ['PAX names', long.map((file) => ({ ...file, format: 'pax' }))],
    ['names that begin with ./', FILES.map((file) => ({ ...file, name: `./${file.name}` }))],
    ['folders listed', [{ name: 'rec/', type: '5' }, ...FILES]],
    ['metadata first', [...FILES].reverse()],
    ['a large dump before it', [{ name: 'big.txt', data: randomBytes(3_000_000) }, ...FILES]],
  ];
  test.each(variants)('%s', async (_, entries) => {
    const tar = buildTar(entries);
    expect(await firstDump(tar)).toEqual(dump('alice'));
    expect(await firstDump(gzipSync(tar))).toEqual(dump('alice'));
  });

  test('zeros behind the end mark are padding', async () => {
    expect(await firstDump(Buffer.concat([buildTar(FILES), Buffer.alloc(200_000)]))).toEqual(dump('alice'));
  });
});

describe('tar · random access', () => {
  test('a plain tar gives the data’s own offset, a tar.gz that of the inflated data', async () => {
    const tar = buildTar(FILES);
    await using plain = await openBytes(tar);
    const location = plain.tracks[0]?.segments[0]?.dump;
    expect(location).toMatchObject({ container: 'tar', offset: 512, size: 2000 });
    await using zipped = await openBytes(gzipSync(tar));
    expect(zipped.tracks[0]?.segments[0]?.dump).toMatchObject({
      container: 'tar.gz',
      offset: 512,
      size: 2000,
    });
  });

  test('dumps of a plain tar are not read while it is opened', async () => {
    const big = Buffer.alloc(30_000_000, 1);
    const tar = buildTar([{ name: 'rec/alice/session_1/audio_2.rtpdump', data: big }, ...FILES]);
    let read = 0;
    const { openRecording, memorySource } = await import('../../src/index.ts');
    const source = memorySource(tar);
    await using recording = await openRecording({
      ...source,
      read: (position, length) => {
        read += length;
        return source.read(position, length);
      },
    });
    expect(codes(recording)).toEqual(['DUMP_UNLISTED notice']);
    expect(read).toBeLessThan(1_000_000);
  });
});

describe('tar.gz · spooled', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('dumps become files with names of our making, and go with the recording', async () => {
    const data = randomBytes(2_500_000);
    const files: File[] = [
      { name: 'rec/audio_1.rtpdump', data },
      { name: 'rec/timing_metadata.json', data: metadata('alice') },
    ];
    const recording = await openBytes(tarGz(files), { spoolFolder: folder });
    const location = recording.tracks[0]?.segments[0]?.dump;
    expect(location).toMatchObject({ container: 'file', name: 'rec/audio_1.rtpdump', size: 2_500_000 });
    expect(location?.path).not.toContain('audio_1');
    expect((await drain(location)).bytes.equals(data)).toBe(true);
    await recording.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('nothing stays behind when opening fails', async () => {
    const error = await failure(
      openBytes(tarGz([{ name: 'audio_1.rtpdump', data: dump('x') }]), { spoolFolder: folder }),
    );
    expect(error.code).toBe('ERR_NO_METADATA');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a cut dump is spooled up to the cut', async () => {
    const data = randomBytes(1_000_000);
    const files: File[] = [
      { name: 'rec/timing_metadata.json', data: metadata('alice') },
      { name: 'rec/audio_1.rtpdump', data },
    ];
    const whole = tarGz(files);
    await using recording = await openBytes(whole.subarray(0, 600_000), { spoolFolder: folder });
    const location = recording.tracks[0]?.segments[0]?.dump;
    const { bytes, error } = await drain(location);
    expect(error).toBeUndefined();
    expect(bytes.length).toBeGreaterThan(590_000);
    expect(bytes.equals(data.subarray(0, bytes.length))).toBe(true);
  });

  test('a folder that cannot be made is ERR_SPOOL_FAILED', async () => {
    const error = await failure(openBytes(tarGz(FILES), { spoolFolder: '/dev/null/spool' }));
    expect(error.code).toBe('ERR_SPOOL_FAILED');
  });
});

describe('tar · cut short', () => {
  const data = randomBytes(300_000);
  const files: File[] = [
    ...FILES,
    { name: 'rec/bob/timing_metadata.json', data: metadata('bob') },
    { name: 'rec/bob/audio_1.rtpdump', data },
  ];
  const tar = buildTar(files);

  test.each([
    ['tar', tar, 200_000],
    ['tar.gz', gzipSync(tar), 200_000],
  ])('%s: whole tracks stay, the cut one up to the cut, damage says whose', async (_, whole, length) => {
    const bytes = whole.subarray(0, length);
    await using recording = await openBytes(bytes);
    expect(users(recording)).toEqual(['alice', 'bob']);
    expect(codes(recording)).toEqual([
      'ARCHIVE_TRUNCATED damage',
      'ARCHIVE_TRUNCATED damage',
      'SDP_MISSING notice',
    ]);
    expect(recording.problems[1]).toMatchObject({ userId: 'bob', segment: 'audio_1' });
    const whose = (user: string) => recording.tracks.find(({ userId }) => userId === user)?.segments[0]?.dump;
    expect((await drain(whose('alice'), bytes)).bytes).toEqual(dump('alice'));
    const cut = await drain(whose('bob'), bytes);
    expect(cut.error).toBeUndefined();
    expect(cut.bytes.length).toBeGreaterThan(180_000);
    expect(cut.bytes.equals(data.subarray(0, cut.bytes.length))).toBe(true);
  });

  test('at any place: never anything but a recording with damage or an ArchiveError', async () => {
    const zipped = gzipSync(buildTar(nested('alice')));
    // One block of zeros is end mark enough: nothing recorded is missing behind it.
    const tarred = buildTar(nested('alice')).subarray(0, -512);
    for (const whole of [tarred, zipped]) {
      for (let length = 1; length < whole.length; length += 23) {
        const outcome = await openBytes(whole.subarray(0, length)).then(
          (recording) => recording.problems.some(({ severity }) => severity === 'damage'),
          (error: { code: string }) => error.code.startsWith('ERR_'),
        );
        expect(outcome).toBe(true);
      }
    }
  });

  test('metadata lost behind the cut: no timing metadata, and why', async () => {
    const late = [
      { name: 'rec/audio_1.rtpdump', data },
      { name: 'rec/timing_metadata.json', data: metadata('alice') },
    ];
    const error = await failure(openBytes(tarGz(late).subarray(0, 100_000)));
    expect(error.code).toBe('ERR_NO_METADATA');
    expect(error.message).toMatch(/no timing metadata, and is cut/);
    expect(error.hint).toMatch(/1 dump, 0 SDPs[\s\S]*cut short/);
  });

  test('at an entry’s edge: the missing end mark is damage', async () => {
    await using recording = await openBytes(buildTar(FILES, { endMark: false }));
    expect(codes(recording)).toEqual(['ARCHIVE_TRUNCATED damage']);
  });

  test('metadata itself cut: that session is left out, named by its path', async () => {
    const late = [...FILES, { name: 'rec/bob/timing_metadata.json', data: metadata('bob') }];
    const whole = buildTar(late);
    await using recording = await openBytes(whole.subarray(0, whole.length - 1024 - 200));
    expect(users(recording)).toEqual(['alice']);
    expect(codes(recording)).toContain('METADATA_UNREADABLE damage');
  });

  test('gzip broken in the middle: all before stays', async () => {
    // Stored blocks behind a header of 10 bytes; the third block's length no longer agrees with itself.
    const broken = Buffer.from(gzipSync(tar, { level: 0 }));
    let block = 10;
    for (let at = 0; at < 2; at += 1) block += 5 + broken.readUInt16LE(block + 1);
    broken.writeUInt16LE(broken.readUInt16LE(block + 3) ^ 0xff, block + 3);
    await using recording = await openBytes(broken);
    expect(codes(recording)).toContain('ARCHIVE_TRUNCATED damage');
    const alice = recording.tracks.find(({ userId }) => userId === 'alice');
    expect((await drain(alice?.segments[0]?.dump, broken)).bytes).toEqual(dump('alice'));
  });

  test('gzip with a wrong checksum: everything is there, and it is damage', async () => {
    const broken = Buffer.from(gzipSync(tar));
    broken.writeUInt32LE(1, broken.length - 8);
    await using recording = await openBytes(broken);
    expect(users(recording)).toEqual(['alice', 'bob']);
    expect(codes(recording)).toContain('ENTRY_DAMAGED damage');
  });

  test('garbage in a header’s place: all before stays', async () => {
    const garbage = Buffer.concat([buildTar(FILES, { endMark: false }), randomBytes(2048)]);
    await using recording = await openBytes(garbage);
    expect(codes(recording)).toEqual(['ARCHIVE_TRUNCATED damage']);
    expect(users(recording)).toEqual(['alice']);
  });
});

describe('tar.gz · what follows the last member', () => {
  const garbage = Buffer.from('garbage'.repeat(10_000));

  test('costs nothing of a tar that has ended, and is noted', async () => {
    const bytes = Buffer.concat([tarGz(FILES), garbage]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ARCHIVE_TRAILING_DATA notice']);
    expect(recording.problems[0]?.message).toMatch(/70\.0 kB behind its end/);
    expect((await drain(recording.tracks[0]?.segments[0]?.dump, bytes)).bytes).toEqual(dump('alice'));
  });

  test('is damage where the tar has not ended; all before it stays', async () => {
    const whole = buildTar(FILES);
    const bytes = Buffer.concat([gzipSync(whole.subarray(0, 512 + 1000)), garbage]);
    await using cut = await openBytes(
      Buffer.concat([gzipSync(buildTar(nested('bob'), { endMark: false })), bytes]),
    );
    expect(users(cut)).toEqual(['bob']);
    expect(codes(cut)).toContain('ARCHIVE_TRUNCATED damage');
    expect(cut.problems[0]?.message).toMatch(/goes on with something that is no gzip data/);
  });

  test('zeros are padding, and further members belong to it', async () => {
    const tar = buildTar(FILES);
    const members = [tar.subarray(0, 700), tar.subarray(700, 701), tar.subarray(701)];
    const bytes = Buffer.concat([...members.map((member) => gzipSync(member)), Buffer.alloc(10_240)]);
    expect(await firstDump(bytes)).toEqual(dump('alice'));
  });
});

describe('tar · hostile entries', () => {
  test.each([
    ['hard link', '1'],
    ['symbolic link', '2'],
    ['character device', '3'],
    ['block device', '4'],
    ['pipe', '6'],
    ['of an unknown type', 'S'],
  ])('%s is ENTRY_LINK', async (_, type) => {
    const bytes = buildTar([{ name: 'rec/x.rtpdump', type, link: '/etc/passwd' }, ...FILES]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_LINK damage']);
    expect(users(recording)).toEqual(['alice']);
  });

  test.each(['../x', '/x', 'C:x', 'a\\b', 'a/../../b', 'a\u0001b'])('name %j', async (name) => {
    await using recording = await openBytes(tarGz([{ name, data: 'harm' }, ...FILES]));
    expect(codes(recording)).toEqual(['ENTRY_UNSAFE_NAME damage']);
  });

  test('PAX name with NUL', async () => {
    const bytes = buildTar([{ name: 'a\0b', format: 'pax' }, ...FILES]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_UNSAFE_NAME damage']);
  });

  test('the same name twice: the first, notice or damage by content', async () => {
    const same = { name: FILES[0]?.name ?? '', data: FILES[0]?.data ?? '' };
    const other = { name: same.name, data: dump('mallory') };
    for (const pack of [buildTar, tarGz]) {
      await using twice = await openBytes(pack([...FILES, same]));
      expect(codes(twice)).toEqual(['ENTRY_DUPLICATE notice']);
      const bytes = pack([...FILES, other]);
      await using changed = await openBytes(bytes);
      expect(codes(changed)).toEqual(['ENTRY_DUPLICATE damage']);
      expect((await drain(changed.tracks[0]?.segments[0]?.dump, bytes)).bytes).toEqual(dump('alice'));
    }
  });

  test('limits hold', async () => {
    await using small = await openBytes(tarGz(FILES), { limits: { maxEntrySize: 1500 } });
    expect(codes(small)).toEqual(['ENTRY_TOO_LARGE damage']);
    await using few = await openBytes(tarGz([...FILES, ...nested('bob')]), { limits: { maxEntries: 3 } });
    expect(codes(few)).toEqual(['ENTRIES_TOO_MANY damage']);
    expect(users(few)).toEqual(['alice']);
  });

  test('a header that declares an absurd size ends the archive, no more', async () => {
    const huge = rawTarHeader('rec/huge.rtpdump', '0', 0o77777777777);
    await using recording = await openBytes(Buffer.concat([buildTar(FILES, { endMark: false }), huge]));
    expect(codes(recording)).toContain('ARCHIVE_TRUNCATED damage');
    expect(users(recording)).toEqual(['alice']);
  });

  test.each([
    ['of an unknown base', [0x81]],
    ['below zero', [0xff, ...new Array<number>(10).fill(0xff), 0x00]],
  ])('a size %s ends the archive, and opening it', async (_, size) => {
    const header = withSize(rawTarHeader('rec/odd.rtpdump', '0', 0), size);
    const bytes = Buffer.concat([buildTar(FILES, { endMark: false }), header, Buffer.alloc(2048, 0x41)]);
    for (const packed of [bytes, gzipSync(bytes)]) {
      await using recording = await openBytes(packed);
      expect(codes(recording)).toEqual(['ARCHIVE_TRUNCATED damage']);
      expect(users(recording)).toEqual(['alice']);
    }
  });

  test('a flood of zeros behind the end is not inflated to its end', async () => {
    const bytes = gzipSync(Buffer.concat([buildTar(FILES), Buffer.alloc(300_000_000)]), { level: 1 });
    const { source, asked } = countingSource(bytes);
    await using recording = await openRecording(source);
    expect(recording.problems).toEqual([]);
    expect(asked.bytes).toBeLessThan(bytes.length / 2);
  });

  test('a global PAX header with very many fields ends the archive instead of the day', async () => {
    const records: Buffer[] = [];
    for (let at = 0; at < 60_000; at += 1) records.push(paxRecord(`k${at}`, 'v'));
    const fields = Buffer.concat(records);
    const own = paxRecord('path', 'x');
    const entry = Buffer.concat([rawTarHeader('p', 'x', own.length), padded(own), rawTarHeader('x', '0', 0)]);
    const bytes = Buffer.concat([
      buildTar(FILES, { endMark: false }),
      rawTarHeader('g', 'g', fields.length),
      padded(fields),
      ...Array.from({ length: 5000 }, () => entry),
      Buffer.alloc(1024),
    ]);
    await using recording = await openBytes(gzipSync(bytes));
    expect(codes(recording)).toEqual(['ARCHIVE_TRUNCATED damage']);
    expect(users(recording)).toEqual(['alice']);
  });

  test('many small entries in one chunk do not run out of stack', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ name: `many/${at}`, data: '' }));
    await using recording = await openBytes(tarGz([...many, ...FILES]));
    expect(recording.problems).toEqual([]);
  });
});

test('tar · two segments of one session in one pass', async () => {
  const audio = [
    segment('audio_1'),
    segment('audio_2', { first_rtp_unix_timestamp: Date.UTC(2026, 10, 20, 9, 31) }),
  ];
  const files = [
    { name: 'audio_1.rtpdump', data: dump('1') },
    { name: 'audio_2.rtpdump', data: dump('2') },
    { name: 'x_timing_metadata.json', data: metadata('alice', audio) },
  ];
  await using recording = await openBytes(tarGz(files));
  expect(recording.tracks.map(({ segments }) => segments.map(({ base }) => base))).toEqual([
    ['audio_1', 'audio_2'],
  ]);
});
