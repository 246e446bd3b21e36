import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEntry, openRecording } from '../../src/index.ts';
import { codes, collect, countingSource, drain, failure, openBytes, users } from '../builders/open.ts';
import { dump, metadata, nested, segment } from '../builders/recording.ts';
import { buildZip, type ZipEntryRecipe, type ZipRecipe } from '../builders/zip.ts';

async function dumpOf(bytes: Uint8Array): Promise<Buffer> {
  await using recording = await openBytes(bytes);
  expect(recording.problems).toEqual([]);
  const { bytes: read, error } = await drain(recording.tracks[0]?.segments[0]?.dump, bytes);
  expect(error).toBeUndefined();
  return read;
}

const FILES: ZipEntryRecipe[] = nested('alice');
const each = (fields: Partial<ZipEntryRecipe>): ZipEntryRecipe[] =>
  FILES.map((file) => ({ ...file, ...fields }));

describe('zip · every way of writing the same archive gives the same bytes', () => {
  const variants: [string, ZipEntryRecipe[], ZipRecipe?][] = [
    ['deflated', FILES],
    ['stored', each({ stored: true })],
    ['sizes in data descriptors', each({ dataDescriptor: true })],
    ['ZIP64 fields of entries', each({ zip64: true })],
    ['ZIP64 end record', FILES, { zip64: true }],
    ['all of ZIP64', each({ zip64: true }), { zip64: true }],
    ['junk before it', FILES, { junk: Buffer.from('stub '.repeat(100)) }],
    ['junk before it, ZIP64', each({ zip64: true }), { zip64: true, junk: Buffer.from('stub') }],
    ['a comment', FILES, { comment: 'made by hand' }],
    ['an end record’s signature in its comment', FILES, { comment: `PK\x05\x06${'x'.repeat(40)}` }],
    ['bytes behind its end', FILES, { trailing: Buffer.from('\n\0\0') }],
    [
      'long extra fields in local headers',
      each({ localExtra: Buffer.from([0xfe, 0xca, 0, 1, ...Buffer.alloc(256)]) }),
    ],
  ];
  test.each(variants)('%s', async (_, entries, recipe) => {
    expect(await dumpOf(buildZip(entries, recipe))).toEqual(dump('alice'));
  });
});

describe('zip · names', () => {
  // What ü is in CP437, in UTF-8 with the flag, and in UTF-8 of a tool that forgets the flag.
  test.each([
    ['CP437', Buffer.from('81', 'hex'), false],
    ['UTF-8', Buffer.from('ü'), true],
    ['UTF-8 without its flag', Buffer.from('ü'), false],
  ])('%s', async (_, letter, utf8Flag) => {
    const named = (text: string): Buffer => Buffer.concat([Buffer.from('rec/j'), letter, Buffer.from(text)]);
    const bytes = buildZip([
      { name: named('rg.rtpdump'), data: dump('j'), utf8Flag },
      { name: named('rg_timing_metadata.json'), data: metadata('jürg', [segment('jürg')]), utf8Flag },
    ]);
    await using recording = await openBytes(bytes);
    expect(recording.tracks[0]?.segments[0]?.dump).toBeDefined();
  });

  test('composed and decomposed letters are the same letter', async () => {
    const bytes = buildZip([
      { name: 'rec/ju\u0308rg.rtpdump', data: dump('j') },
      { name: 'rec/timing_metadata.json', data: metadata('jürg', [segment('j\u00fcrg')]) },
    ]);
    await using recording = await openBytes(bytes);
    expect(recording.tracks[0]?.segments[0]?.dump).toBeDefined();
  });

  test('the twins that macOS adds are not taken for metadata or dumps', async () => {
    const twins = FILES.flatMap(({ name }) => [
      { name: String(name).replace(/([^/]+)$/, '._$1'), data: 'Mac OS X' },
      { name: `__MACOSX/${name}`, data: 'Mac OS X' },
    ]);
    await using recording = await openBytes(buildZip([...FILES, ...twins]));
    expect(recording.problems).toEqual([]);
  });
});

describe('zip · hostile entries are named and left alone, healthy tracks stay whole', () => {
  const unsafe = [
    '../up.rtpdump',
    'rec/../../up.rtpdump',
    '/absolute.rtpdump',
    'C:/drive.rtpdump',
    '..\\windows.rtpdump',
    'rec\\audio.rtpdump',
    'nul\0.rtpdump',
    'bell\u0007.rtpdump',
    'rec/..',
    '../folder/',
    'x'.repeat(5000),
  ];
  test.each(unsafe)('name %j', async (name) => {
    const bytes = buildZip([{ name, data: 'harm' }, ...FILES]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_UNSAFE_NAME damage']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(recording.problems[0]?.message).not.toMatch(/[\u0000-\u001f]/);
    expect((await drain(recording.tracks[0]?.segments[0]?.dump, bytes)).bytes).toEqual(dump('alice'));
  });

  test.each([
    ['symbolic link', 0o120777],
    ['character device', 0o020666],
    ['block device', 0o060666],
    ['pipe', 0o010666],
  ])('%s', async (_, unixMode) => {
    const bytes = buildZip([{ name: 'rec/link.rtpdump', data: '/etc/passwd', unixMode }, ...FILES]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_LINK damage']);
    expect(users(recording)).toEqual(['alice']);
  });

  test('a link in place of a listed dump: the segment is a gap, and the problem says whose', async () => {
    const [audio, ...rest] = FILES;
    const link = { ...audio, data: '/etc/passwd', unixMode: 0o120777 } as ZipEntryRecipe;
    await using recording = await openBytes(buildZip([link, ...rest]));
    expect(recording.problems).toMatchObject([
      { code: 'ENTRY_LINK', severity: 'damage', userId: 'alice', trackId: 'track-a', segment: 'audio_1' },
    ]);
    expect(recording.tracks[0]?.segments[0]?.dump).toBeUndefined();
  });

  test('a link beside the real file of the same name does not hide it', async () => {
    const link = { name: FILES[0]?.name ?? '', data: '/etc/passwd', unixMode: 0o120777 };
    const bytes = buildZip([link, ...FILES]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_LINK damage']);
    expect((await drain(recording.tracks[0]?.segments[0]?.dump, bytes)).bytes).toEqual(dump('alice'));
  });

  test('encrypted entries are refused by name', async () => {
    const [audio, ...rest] = FILES;
    await using recording = await openBytes(buildZip([{ ...audio, flags: 1 } as ZipEntryRecipe, ...rest]));
    expect(recording.problems).toMatchObject([
      { code: 'ENTRY_DAMAGED', severity: 'damage', userId: 'alice' },
    ]);
    expect(recording.problems[0]?.message).toMatch(/audio_1\.rtpdump is ignored: it is encrypted/);
  });

  test('other compression methods are refused by name', async () => {
    const [audio, ...rest] = FILES;
    await using recording = await openBytes(buildZip([{ ...audio, method: 14 } as ZipEntryRecipe, ...rest]));
    expect(recording.problems[0]?.message).toMatch(/compressed by method 14 \(LZMA\)/);
  });

  test('a declared size over the limit is refused; the segment has no dump', async () => {
    const bytes = buildZip([
      { name: 'rec/bomb.rtpdump', data: 'x', size: 20 * 1024 ** 3, zip64: true },
      ...FILES,
    ]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_TOO_LARGE damage']);
    await using strict = await openBytes(buildZip(FILES), { limits: { maxEntrySize: 1500 } });
    expect(codes(strict)).toEqual(['ENTRY_TOO_LARGE damage']);
    expect(strict.tracks[0]?.segments[0]?.dump).toBeUndefined();
  });

  test('more entries than the limit: the rest is ignored', async () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ name: `rec/many_${at}.txt` }));
    await using recording = await openBytes(buildZip([...FILES, ...many]), { limits: { maxEntries: 10 } });
    expect(codes(recording)).toEqual(['ENTRIES_TOO_MANY damage']);
    expect(users(recording)).toEqual(['alice']);
  });

  test('problems are of bounded number', async () => {
    const many = Array.from({ length: 1500 }, (_, at) => ({ name: `../${at}` }));
    await using recording = await openBytes(buildZip([...FILES, ...many]));
    expect(recording.problems).toHaveLength(1001);
    expect(recording.problems.at(-1)?.message).toMatch(/^500 more/);
  });
});

describe('zip · the same name twice', () => {
  test('with the same content: once, a notice', async () => {
    await using recording = await openBytes(buildZip([...FILES, ...FILES]));
    expect(codes(recording)).toEqual(FILES.map(() => 'ENTRY_DUPLICATE notice'));
    expect(recording.tracks).toHaveLength(1);
    expect(recording.tracks[0]?.segments).toHaveLength(1);
  });

  test('with different content: the first, damage', async () => {
    const bytes = buildZip([...FILES, { name: FILES[0]?.name ?? '', data: dump('mallory') }]);
    await using recording = await openBytes(bytes);
    expect(codes(recording)).toEqual(['ENTRY_DUPLICATE damage']);
    expect((await drain(recording.tracks[0]?.segments[0]?.dump, bytes)).bytes).toEqual(dump('alice'));
  });
});

describe('zip · cut or empty', () => {
  test('without its directory: nothing, and how many bytes there are', async () => {
    const whole = buildZip(FILES);
    const error = await failure(openBytes(whole.subarray(0, 700)));
    expect(error.code).toBe('ERR_ZIP_NO_DIRECTORY');
    expect(error.hint).toMatch(/700 bytes/);
  });

  test('cut at any place it is ERR_ZIP_NO_DIRECTORY, never less', async () => {
    const whole = buildZip(FILES);
    for (let length = 4; length < whole.length; length += 37) {
      expect((await failure(openBytes(whole.subarray(0, length)))).code).toBe('ERR_ZIP_NO_DIRECTORY');
    }
  });

  test('without entries', async () => {
    expect((await failure(openBytes(buildZip([])))).code).toBe('ERR_ZIP_EMPTY');
    expect((await failure(openBytes(buildZip([], { zip64: true })))).code).toBe('ERR_ZIP_EMPTY');
  });

  test('a directory that breaks off keeps what stands before', async () => {
    const extra = { name: 'rec/last.txt', data: 'x' };
    await using recording = await openBytes(buildZip([...FILES, extra], { entryCount: 9 }));
    expect(codes(recording)).toEqual(['ARCHIVE_TRUNCATED damage']);
    expect(users(recording)).toEqual(['alice']);
  });
});

test('zip · of thousands of entries the directory is read, and what is small, each once', async () => {
  const files = Array.from({ length: 500 }, (_, at) => nested(`user-${at}`)).flat();
  const others = Array.from({ length: 8000 }, (_, at) => ({ name: `other/${at}` }));
  const bytes = buildZip([...others, ...files]);
  const { source, asked } = countingSource(bytes);
  await using recording = await openRecording(source);
  expect(recording.tracks).toHaveLength(500);
  expect(recording.problems).toEqual([]);
  // Metadata and SDP of each; the start, the end and the windows of the directory.
  expect(asked.reads).toBeLessThan(2 * 500 + 10);
  expect(asked.bytes).toBeLessThan(bytes.length);
});

test('zip · an entry’s location is a plain value that opens the file on its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'));
  try {
    const path = join(folder, 'download');
    await writeFile(path, buildZip(FILES));
    const recording = await openRecording(path);
    const location = structuredClone(recording.tracks[0]?.segments[0]?.dump);
    await recording.close();
    expect((await drain(location)).bytes).toEqual(dump('alice'));
    if (location === undefined) throw new Error('no dump');
    await rm(path);
    expect((await failure(collect(openEntry(location)))).code).toBe('ERR_INPUT_NOT_FOUND');
  } finally {
    await rm(folder, { recursive: true });
  }
});
