import { describe, expect, test } from 'vitest';
import { codes, drain, openZip, users } from '../builders/open.ts';
import { dump, type File, metadata, nested, sdp, segment } from '../builders/recording.ts';

/** Which dump each user's first segment got, by the text in it. */
async function whose(files: readonly File[]): Promise<Record<string, string>> {
  await using recording = await openZip(files);
  const { buildZip } = await import('../builders/zip.ts');
  const bytes = buildZip(files);
  const found: Record<string, string> = {};
  for (const track of recording.tracks) {
    for (const { base, dump: location } of track.segments) {
      const text = location === undefined ? 'none' : (await drain(location, bytes)).bytes.toString();
      found[`${track.userId} ${base}`] = /rtpplay1\.0 (\S+)/.exec(text)?.[1] ?? text;
    }
  }
  return found;
}

const both = { 'alice audio_1': 'alice', 'bob audio_1': 'bob' };

describe('layouts', () => {
  test('nested: the same base name in every session’s folder', async () => {
    expect(await whose([...nested('alice'), ...nested('bob')])).toEqual(both);
  });

  test('flat: unique base names beside *_timing_metadata.json', async () => {
    const flat = (user: string): File[] => [
      { name: `default_${user}_audio_1.rtpdump`, data: dump(user) },
      {
        name: `default_${user}_timing_metadata.json`,
        data: metadata(user, [segment(`default_${user}_audio_1`)]),
      },
    ];
    expect(await whose([...flat('alice'), ...flat('bob')])).toEqual({
      'alice default_alice_audio_1': 'alice',
      'bob default_bob_audio_1': 'bob',
    });
  });

  const inFolders = (metadataFolder: string, dumpFolder: string) => (user: string) => [
    { name: `rec/${user}/${dumpFolder}audio_1.rtpdump`, data: dump(user) },
    { name: `rec/${user}/${metadataFolder}timing_metadata.json`, data: metadata(user) },
  ];

  test.each([
    ['files beside the session’s folder, metadata in it', inFolders('session_1/', '')],
    ['metadata beside the session’s folder, files in it', inFolders('', 'session_1/')],
    ['everything beside the session’s folder', inFolders('', '')],
    ['metadata and files in two folders', inFolders('meta/', 'media/')],
  ])('%s', async (_, layout) => {
    expect(await whose([...layout('alice'), ...layout('bob')])).toEqual(both);
    expect(await whose([...layout('bob'), ...layout('alice')])).toEqual(both);
  });

  test('metadata at the root, files in folders named as users or sessions', async () => {
    const layout = (user: string, folder: string): File[] => [
      { name: `${folder}/audio_1.rtpdump`, data: dump(user) },
      { name: `${user}_timing_metadata.json`, data: metadata(user) },
    ];
    expect(await whose([...layout('alice', 'alice'), ...layout('bob', 'media/session-bob')])).toEqual(both);
  });
});

describe('matching is by exact name', () => {
  test('audio_1 is not the start of audio_10', async () => {
    const files = [
      { name: 'r/audio_10.rtpdump', data: dump('ten') },
      { name: 'r/timing_metadata.json', data: metadata('alice', [segment('audio_1'), segment('audio_10')]) },
    ];
    expect(await whose(files)).toEqual({ 'alice audio_1': 'none', 'alice audio_10': 'ten' });
  });

  test('another session’s file of the same name is never taken', async () => {
    const [, , bobsMetadata] = nested('bob');
    expect(await whose([...nested('alice'), bobsMetadata as File])).toEqual({
      'alice audio_1': 'alice',
      'bob audio_1': 'none',
    });
  });

  test('nor that of a session whose metadata cannot be read', async () => {
    const broken = nested('alice').map((file) =>
      file.name.endsWith('.json') ? { ...file, data: '{"participant_id":"alice"' } : file,
    );
    const [, , bobsMetadata] = nested('bob');
    expect(await whose([...broken, bobsMetadata as File])).toEqual({ 'bob audio_1': 'none' });
  });

  test('nor is one taken that lies beside another user’s session folder', async () => {
    const files = [
      { name: 'rec/alice/audio_1.rtpdump', data: dump('alice') },
      { name: 'rec/alice/session_1/timing_metadata.json', data: metadata('alice') },
      { name: 'rec/bob/session_1/timing_metadata.json', data: metadata('bob') },
    ];
    expect(await whose(files)).toEqual({ 'alice audio_1': 'alice', 'bob audio_1': 'none' });
    const broken = files.map((file) => (file.name.includes('alice/session') ? { ...file, data: '[' } : file));
    expect(await whose(broken)).toEqual({ 'bob audio_1': 'none' });
  });

  test('one file that two sessions list alike goes to neither', async () => {
    const files = [
      { name: 'audio_1.rtpdump', data: dump('somebody') },
      { name: 'a_timing_metadata.json', data: metadata('alice') },
      { name: 'b_timing_metadata.json', data: metadata('bob') },
    ];
    await using recording = await openZip(files);
    expect(codes(recording).filter((code) => code.startsWith('DUMP'))).toEqual([
      'DUMP_MISSING damage',
      'DUMP_MISSING damage',
    ]);
    expect(recording.problems[0]?.message).toMatch(/listed by two/);
  });

  test.each([
    '../../audio_1',
    'rec/alice/session_1/audio_1',
    '/etc/audio_1',
    'x\\audio_1',
    'audio_1.rtpdump',
  ])('a path in base_filename is only its last name: %s', async (base) => {
    const files = [
      { name: 'rec/audio_1.rtpdump', data: dump('alice') },
      { name: 'rec/timing_metadata.json', data: metadata('alice', [segment(base)]) },
    ];
    expect(await whose(files)).toEqual({ 'alice audio_1': 'alice' });
  });

  test('a base_filename that is no name at all matches nothing', async () => {
    const files = [
      { name: 'rec/.rtpdump', data: dump('x') },
      { name: 'rec/timing_metadata.json', data: metadata('alice', [segment('..'), segment('a/')]) },
    ];
    await using recording = await openZip(files);
    expect(recording.tracks[0]?.segments.every(({ dump: found }) => found === undefined)).toBe(true);
  });
});

describe('what is missing on either side is listed', () => {
  test('a dump that is not there', async () => {
    await using recording = await openZip(nested('alice').filter(({ name }) => !name.endsWith('.rtpdump')));
    expect(recording.problems).toMatchObject([
      {
        code: 'DUMP_MISSING',
        severity: 'damage',
        userId: 'alice',
        sessionId: 'session-alice',
        trackId: 'track-a',
        segment: 'audio_1',
      },
    ]);
    expect(recording.tracks[0]?.segments[0]).toHaveProperty('dump', undefined);
  });

  test('a dump of 0 bytes', async () => {
    const empty = nested('alice').map((file) =>
      file.name.endsWith('.rtpdump') ? { ...file, data: '' } : file,
    );
    await using recording = await openZip(empty);
    expect(codes(recording)).toEqual(['DUMP_EMPTY damage']);
    expect(recording.tracks[0]?.segments[0]).toHaveProperty('dump', undefined);
  });

  test('an SDP that is not there is no damage', async () => {
    await using recording = await openZip(nested('alice').filter(({ name }) => !name.endsWith('.sdp')));
    expect(codes(recording)).toEqual(['SDP_MISSING notice']);
    expect(recording.tracks[0]).toMatchObject({ codec: 'audio/opus' });
  });

  test('a dump that nobody lists', async () => {
    const stray = { name: 'rec/alice/session_1/audio_9.rtpdump', data: dump('x') };
    await using recording = await openZip([...nested('alice'), stray]);
    expect(recording.problems).toMatchObject([
      { code: 'DUMP_UNLISTED', severity: 'notice', entry: 'rec/alice/session_1/audio_9.rtpdump' },
    ]);
  });

  test('no metadata anywhere: an error that counts what is there', async () => {
    const { failure } = await import('../builders/open.ts');
    const files = [...nested('alice'), ...nested('bob')].filter(({ name }) => !name.endsWith('.json'));
    const error = await failure(openZip([...files, { name: 'inner.tar.gz', data: 'x' }]));
    expect(error.code).toBe('ERR_NO_METADATA');
    expect(error.hint).toMatch(/2 dumps, 2 SDPs, others such as inner\.tar\.gz/);
  });
});

describe('the same segment twice is used once', () => {
  test('in one metadata file', async () => {
    const files = nested('alice').map((file) =>
      file.name.endsWith('.json')
        ? { ...file, data: metadata('alice', [segment('audio_1'), segment('audio_1')]) }
        : file,
    );
    await using recording = await openZip(files);
    expect(codes(recording)).toEqual(['SEGMENT_DUPLICATE notice']);
    expect(recording.tracks[0]?.segments).toHaveLength(1);
  });

  test('through a second copy of the metadata, wherever that lies', async () => {
    const copy = { name: 'copy_timing_metadata.json', data: metadata('alice') };
    const bob = { name: 'bob_timing_metadata.json', data: metadata('bob') };
    await using recording = await openZip([copy, bob, ...nested('alice'), ...nested('bob')]);
    expect(codes(recording)).toEqual(['SEGMENT_DUPLICATE notice', 'SEGMENT_DUPLICATE notice']);
    expect(recording.tracks.map(({ segments }) => segments[0]?.dump?.name)).toEqual([
      'rec/alice/session_1/audio_1.rtpdump',
      'rec/bob/session_1/audio_1.rtpdump',
    ]);
  });

  test('under another file name, as a flat and a nested copy of one recording have', async () => {
    const flat = [
      { name: 'default_alice_audio_1.rtpdump', data: dump('alice') },
      { name: 'default_alice_audio_1.sdp', data: sdp() },
      {
        name: 'default_alice_timing_metadata.json',
        data: metadata('alice', [segment('default_alice_audio_1')]),
      },
    ];
    await using recording = await openZip([...flat, ...nested('alice')]);
    expect(codes(recording)).toEqual(['SEGMENT_DUPLICATE notice']);
    expect(users(recording)).toEqual(['alice']);
    expect(recording.tracks[0]?.segments).toHaveLength(1);
  });
});
