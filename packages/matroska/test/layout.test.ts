import { describe, expect, test } from 'vitest';
import { dateUtc } from '../src/layout/date-utc.ts';
import type { MatroskaOptions } from '../src/matroska-options.ts';
import { all, only, type ReadElement, readBlocks, readElements } from './support/ebml-reader.ts';
import {
  AUDIO,
  appendOnly,
  frame,
  inTimeOrder,
  optionsFor,
  SILENCE,
  VIDEO,
  writeAll,
} from './support/write.ts';

const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('hex');

const START = Date.UTC(2024, 4, 17, 9, 30, 0, 250);

const RICH: MatroskaOptions = optionsFor(
  [
    { ...AUDIO, name: 'mic', tags: { TRACK_ID: 'a-1' } },
    { ...VIDEO, rotation: 90, tags: { TRACK_ID: 'v-1' } },
  ],
  {
    title: 'A call',
    startsAtMs: START,
    chapters: [
      { startMs: 0, title: 'zoë joins' },
      { startMs: 7_200_001, title: '日本 leaves' },
    ],
    tags: { USER_ID: 'zoë', SESSION_ID: 's/1' },
  },
);

const FRAMES = inTimeOrder(
  Array.from({ length: 600 }, (_, index) => frame(index * 20, index === 599 ? { durationMs: 20 } : {})),
  Array.from({ length: 300 }, (_, index) => frame(index * 40, { keyFrame: index % 100 === 0 })),
);

function contentAt(file: Uint8Array): number {
  return only(readElements(file), 'Segment').contentAt;
}

function seekTargets(file: Uint8Array): string[] {
  const segment = only(readElements(file), 'Segment');
  return all([segment], 'Segment', 'SeekHead', 'Seek').map((seek) => {
    const position = segment.contentAt + (only(seek.children, 'SeekPosition').value as number);
    const target = segment.children.find((child) => child.at === position);
    const id = only(seek.children, 'SeekID').value as Uint8Array;
    expect(hex(file.subarray(position, position + id.length))).toBe(hex(id));
    return target?.name ?? 'nothing';
  });
}

describe('a whole small file, octet by octet', () => {
  test('one Opus frame, append-only', () => {
    const { bytes } = writeAll(optionsFor([AUDIO], { writingApp: 't' }), [[1, frame(7)]], appendOnly);
    const expected = [
      '1a45dfa3 a3', // EBML, 35 octets
      '4286 81 01', // EBMLVersion 1
      '42f7 81 01', // EBMLReadVersion 1
      '42f2 81 04', // EBMLMaxIDLength 4
      '42f3 81 08', // EBMLMaxSizeLength 8
      '4282 88 6d6174726f736b61', // DocType matroska
      '4287 81 04', // DocTypeVersion 4
      '4285 81 02', // DocTypeReadVersion 2
      '18538067 01ffffffffffffff', // Segment, unknown size
      '114d9b74 bf', // SeekHead, 63 octets
      '4dbb 92 53ab 84 1549a966 53ac 88 0000000000000044', // Info at 68
      '4dbb 92 53ab 84 1654ae6b 53ac 88 000000000000007a', // Tracks at 122 = 68 + 5 + 49
      '4dbb 92 53ab 84 1f43b675 53ac 88 00000000000000ce', // first Cluster at 206 = 122 + 5 + 79
      '1549a966 b1', // Info, 49 octets
      '73a4 90 UUID', // SegmentUUID
      '2ad7b1 83 0f4240', // TimestampScale 1 ms
      '4d80 90 7261777265656c206d6174726f736b61', // MuxingApp rawreel matroska
      '5741 81 74', // WritingApp t
      '1654ae6b cf', // Tracks, 79 octets
      'ae cd', // TrackEntry, 77 octets
      'd7 81 01', // TrackNumber 1
      '73c5 86 TRACKUID', // TrackUID
      '83 81 02', // TrackType audio
      '9c 81 00', // FlagLacing 0
      '22b59c 83 756e64', // Language und
      '86 86 415f4f505553', // CodecID A_OPUS
      '63a2 93 4f707573486561640101000080bb0000000000', // CodecPrivate OpusHead
      '56aa 81 00', // CodecDelay 0
      '56bb 84 04c4b400', // SeekPreRoll 80 ms
      'e1 89', // Audio, 9 octets
      'b5 84 473b8000', // SamplingFrequency 48000
      '9f 81 01', // Channels 1
      '1f43b675 1000000c', // Cluster, 12 octets
      'e7 81 07', // Timestamp 7
      'a3 87', // SimpleBlock, 7 octets
      '81 0000 80 f8fffe', // track 1, 0 ms after the cluster, key frame, the packet
    ].join('');
    const parsed = readElements(bytes);
    const uuid = hex(only(parsed, 'Segment', 'Info', 'SegmentUUID').value);
    const uid = (only(parsed, 'Segment', 'Tracks', 'TrackEntry', 'TrackUID').value as number).toString(16);
    expect(uuid).toMatch(/^.{12}8.{3}[89ab].{15}$/);
    expect(hex(bytes)).toBe(
      expected.replaceAll(' ', '').replace('UUID', uuid).replace('TRACKUID', uid.padStart(12, '0')),
    );
  });
});

describe('SeekHead and sizes', () => {
  test('a seekable file points to Info, Tracks, Chapters, Tags, Cues and the first Cluster', () => {
    const { bytes } = writeAll(RICH, FRAMES);
    expect(seekTargets(bytes)).toEqual(['Info', 'Tracks', 'Chapters', 'Tags', 'Cues', 'Cluster']);
    const segment = only(readElements(bytes), 'Segment');
    const firstCluster = segment.children.find((child) => child.name === 'Cluster') as ReadElement;
    const seek = all([segment], 'Segment', 'SeekHead', 'Seek', 'SeekPosition').at(-1);
    expect(seek?.value).toBe(firstCluster.at - segment.contentAt);
  });

  test('the segment ends where the file ends, and byteLength says so', () => {
    const { bytes, writer } = writeAll(RICH, FRAMES);
    const segment = only(readElements(bytes), 'Segment');
    expect(segment.contentAt + (segment.size as number)).toBe(bytes.length);
    expect(writer.byteLength).toBe(bytes.length);
  });

  test('an append-only file has a segment of unknown size, no Duration and no Cues', () => {
    const { bytes, writer } = writeAll(RICH, FRAMES, appendOnly);
    const segment = only(readElements(bytes), 'Segment');
    expect(segment.size).toBeUndefined();
    expect(all([segment], 'Segment', 'Info', 'Duration')).toEqual([]);
    expect(all([segment], 'Segment', 'Cues')).toEqual([]);
    expect(seekTargets(bytes)).toEqual(['Info', 'Tracks', 'Chapters', 'Tags', 'Cluster']);
    expect(writer.byteLength).toBe(bytes.length);
    expect(all([segment], 'Segment', 'Void').length + all([segment], 'Segment', 'Info', 'Void').length).toBe(
      0,
    );
  });

  test('the append-only file holds the same blocks as the seekable one', () => {
    const seekable = readBlocks(writeAll(RICH, FRAMES).bytes);
    const streamed = readBlocks(writeAll(RICH, FRAMES, appendOnly).bytes);
    expect(streamed.map(({ at: _, ...block }) => block)).toEqual(
      seekable.map(({ at: _, ...block }) => block),
    );
  });

  test('without tags and chapters there are no elements for them and nothing points to one', () => {
    const { bytes } = writeAll(optionsFor([AUDIO], { chapters: [], tags: {} }), [[1, frame(0)]]);
    expect(all(readElements(bytes), 'Segment', 'Chapters')).toEqual([]);
    expect(all(readElements(bytes), 'Segment', 'Tags')).toEqual([]);
    expect(seekTargets(bytes)).toEqual(['Info', 'Tracks', 'Cues', 'Cluster']);
  });

  test('without a frame there is a valid header, and places are held instead of lies told', () => {
    const { bytes, writer } = writeAll(optionsFor([AUDIO]), []);
    expect(seekTargets(bytes)).toEqual(['Info', 'Tracks']);
    expect(all(readElements(bytes), 'Segment', 'Info', 'Duration')).toEqual([]);
    expect(writer.durationMs).toBe(0);
    expect(only(readElements(bytes), 'Segment').end).toBe(bytes.length);
  });
});

describe('Info', () => {
  test('says scale, duration, start, title and who wrote it', () => {
    const info = only(readElements(writeAll(RICH, FRAMES).bytes), 'Segment', 'Info');
    const values = Object.fromEntries(info.children.map((child) => [child.name, child.value]));
    expect(values).toMatchObject({
      TimestampScale: 1_000_000,
      Duration: 12_000,
      DateUTC: BigInt(START - Date.UTC(2001, 0, 1)) * 1_000_000n,
      Title: 'A call',
      MuxingApp: 'rawreel matroska',
      WritingApp: 'a test',
    });
  });

  test('Duration is the latest end of all tracks, not that of the last frame written', () => {
    const frames = inTimeOrder(
      [frame(0), frame(900, { durationMs: 120 })],
      [frame(0), frame(950, { durationMs: 40 })],
    );
    const { bytes, writer } = writeAll(optionsFor([AUDIO, VIDEO]), frames);
    expect(only(readElements(bytes), 'Segment', 'Info', 'Duration').value).toBe(1020);
    expect(writer.durationMs).toBe(1020);
  });

  test('a start learnt late takes the place of the first, and nothing else changes', () => {
    const { bytes, writer } = writeAll(RICH, FRAMES);
    const patched = bytes.slice();
    patched.set(dateUtc(START + 1234.5), writer.startPosition ?? 0);
    const startOf = (file: Uint8Array) => only(readElements(file), 'Segment', 'Info', 'DateUTC').value;
    expect(startOf(patched)).not.toEqual(startOf(bytes));
    patched.set(dateUtc(START), writer.startPosition ?? 0);
    expect(hex(patched)).toBe(hex(bytes));
  });

  test('same content, same id; other content, another', () => {
    const uuid = (options: MatroskaOptions): string =>
      hex(
        only(readElements(writeAll(options, [[1, frame(0)]]).bytes), 'Segment', 'Info', 'SegmentUUID').value,
      );
    const one = optionsFor([AUDIO], { title: 'x', startsAtMs: 5, tags: { A: 'b' } });
    expect(uuid(one)).toBe(uuid({ ...one }));
    const others = [
      { title: 'y' },
      { startsAtMs: 6 },
      { tags: { A: 'c' } },
      { tracks: [{ ...AUDIO, tags: { T: '1' } }] },
    ];
    const ids = others.map((other) => uuid({ ...one, ...other }));
    expect(new Set([uuid(one), ...ids]).size).toBe(5);
  });
});

describe('Tracks and Tags', () => {
  test('an Opus track says delay 0 and 80 ms of pre-roll', () => {
    const entry = all(readElements(writeAll(RICH, FRAMES).bytes), 'Segment', 'Tracks', 'TrackEntry')[0];
    const values = new Map((entry?.children ?? []).map((child) => [child.name, child.value]));
    expect(Object.fromEntries(values)).toMatchObject({
      TrackNumber: 1,
      TrackType: 2,
      FlagLacing: 0,
      Name: 'mic',
      Language: 'und',
      CodecID: 'A_OPUS',
      CodecDelay: 0,
      SeekPreRoll: 80_000_000,
    });
    expect(hex(values.get('CodecPrivate'))).toBe(hex(AUDIO.codecPrivate));
    expect(entry?.children.map((child) => child.name)).not.toContain('DefaultDuration');
  });

  test.each([
    [undefined, []],
    [0, []],
    [90, [-90]],
    [180, [180]],
    [270, [90]],
  ] as const)('a picture to be turned %s° clockwise has a roll of %j', (rotation, expected) => {
    const track = rotation === undefined ? VIDEO : { ...VIDEO, rotation };
    const tracks = only(
      readElements(writeAll(optionsFor([track]), [[1, frame(0)]]).bytes),
      'Segment',
      'Tracks',
    );
    const rolls = all(tracks.children, 'TrackEntry', 'Video', 'Projection', 'ProjectionPoseRoll');
    expect(rolls.map((roll) => roll.value)).toEqual(expected);
  });

  test('a track says its name and its language', () => {
    const { bytes } = writeAll(optionsFor([{ ...AUDIO, name: 'alice · microphone', language: 'por' }]), [
      [1, frame(0)],
    ]);
    const [entry] = all(readElements(bytes), 'Segment', 'Tracks', 'TrackEntry');
    const values = Object.fromEntries((entry?.children ?? []).map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ Name: 'alice · microphone', Language: 'por' });
  });

  test('chapters are atoms of one edition, in nanoseconds, each with a UID of its own', () => {
    const editions = all(readElements(writeAll(RICH, FRAMES).bytes), 'Segment', 'Chapters', 'EditionEntry');
    expect(editions).toHaveLength(1);
    const atoms = all(editions, 'EditionEntry', 'ChapterAtom').map(({ children }) => [
      only(children, 'ChapterUID').value,
      only(children, 'ChapterTimeStart').value,
      only(children, 'ChapterDisplay', 'ChapString').value,
    ]);
    expect(atoms).toEqual([
      [1, 0, 'zoë joins'],
      [2, 7_200_001_000_000, '日本 leaves'],
    ]);
  });

  test('tags of a track name its TrackUID, those of the segment name none', () => {
    const segment = only(readElements(writeAll(RICH, FRAMES).bytes), 'Segment');
    const uids = all([segment], 'Segment', 'Tracks', 'TrackEntry', 'TrackUID').map((uid) => uid.value);
    expect(new Set(uids).size).toBe(2);
    const tags = all([segment], 'Segment', 'Tags', 'Tag').map((tag) => ({
      uid: all(tag.children, 'Targets', 'TagTrackUID')[0]?.value,
      values: all(tag.children, 'SimpleTag').map((simple) => simple.children.map((child) => child.value)),
    }));
    expect(tags).toEqual([
      {
        uid: undefined,
        values: [
          ['USER_ID', 'zoë'],
          ['SESSION_ID', 's/1'],
        ],
      },
      { uid: uids[0], values: [['TRACK_ID', 'a-1']] },
      { uid: uids[1], values: [['TRACK_ID', 'v-1']] },
    ]);
  });
});

describe('WebM', () => {
  test('says so and leaves out SegmentUUID, which WebM does not know', () => {
    const { bytes } = writeAll({ ...RICH, docType: 'webm' }, FRAMES);
    expect(only(readElements(bytes), 'EBML', 'DocType').value).toBe('webm');
    expect(all(readElements(bytes), 'Segment', 'Info', 'SegmentUUID')).toEqual([]);
    expect(all(readElements(bytes), 'Segment', 'Info', 'DateUTC')).toHaveLength(1);
  });
});

describe('determinism', () => {
  test('same input, same bytes', () => {
    expect(hex(writeAll(RICH, FRAMES).bytes)).toBe(hex(writeAll(RICH, FRAMES).bytes));
  });

  test('how a frame is cut into chunks leaves no trace', () => {
    const whole = writeAll(optionsFor([AUDIO]), [[1, frame(0, { chunks: [SILENCE] })]]);
    const cut = writeAll(optionsFor([AUDIO]), [
      [1, frame(0, { chunks: [SILENCE.subarray(0, 1), new Uint8Array(0), SILENCE.subarray(1)] })],
    ]);
    expect(hex(cut.bytes)).toBe(hex(whole.bytes));
    expect(contentAt(cut.bytes)).toBe(contentAt(whole.bytes));
  });
});
