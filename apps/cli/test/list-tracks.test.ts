import type { ArchiveProblem } from '@rawreel/archive';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { ALICE_CAMERA, ALICE_MIC, BOB_MIC, CodedError, rawreel, recording, START, track } from './fakes.ts';

const LIST = ['list-tracks', '--input-file', 'call.zip'];

const damage: ArchiveProblem = {
  code: 'METADATA_UNREADABLE',
  severity: 'damage',
  message: 'bob/timing_metadata.json is cut short',
};
const notice = (entry: string): ArchiveProblem => ({
  code: 'ENTRY_DUPLICATE',
  severity: 'notice',
  message: `${entry} is in the archive twice`,
});

/** What stands below the blank line. */
const tableIn = (stdout: string) => stdout.slice(stdout.indexOf('\n\n') + 2, -1).split('\n');

describe('the table', () => {
  it('begins with the call in one line', async () => {
    const { stdout } = await rawreel(LIST);
    expect(stdout.split('\n')[0]).toBe(
      'standup (default) · 20 Nov 2026 09:30:00 UTC · 1:30 · 2 people · 3 tracks · ZIP, 412 MB',
    );
  });

  it('has a line per track with every column when it goes into a pipe', async () => {
    const { stdout } = await rawreel(LIST);
    const rows = stdout
      .split('\n')
      .slice(2, -1)
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ['USER', 'SESSION', 'TRACK', 'TYPE', 'SCREENSHARE', 'CODEC', 'SIZE', 'STARTS', 'LASTS', 'SEGMENTS'],
      ['alice', 's-alice', 't-alice-mic', 'audio', 'no', 'opus', '-', '0:00.2', '1:00.0', '1'],
      ['alice', 's-alice', 't-alice-cam', 'video', 'no', 'vp8', '1280×720', '0:00.2', '1:00.0', '1'],
      ['bob', 's-bob', 't-bob-mic', 'audio', 'no', 'opus', '-', '0:00.2', '1:29.8', '1'],
    ]);
  });

  it.each([
    [200, []],
    [96, ['SIZE']],
    [86, ['SIZE', 'STARTS']],
    [78, ['SIZE', 'STARTS', 'SEGMENTS']],
  ])('on %i columns leaves out whole columns, in a fixed order: %j', async (columns, gone) => {
    const { stdout, stderr } = await rawreel(LIST, {
      stdoutColumns: columns,
      env: { NO_COLOR: '1' },
      recording: recording({
        tracks: [ALICE_CAMERA, track({ userId: 'bob-with-a-name', trackId: 't-bob' })],
      }),
    });
    const table = tableIn(stdout);
    const all = [
      'USER',
      'SESSION',
      'TRACK',
      'TYPE',
      'SCREENSHARE',
      'CODEC',
      'SIZE',
      'STARTS',
      'LASTS',
      'SEGMENTS',
    ];
    const titles: readonly string[] = gone;
    expect(table[0]?.split(/ +/)).toEqual(all.filter((title) => !titles.includes(title)));
    for (const id of ['alice', 't-alice-cam', 'bob-with-a-name', 't-bob', 's-alice'])
      expect(stdout).toContain(id);
    expect(Math.max(...table.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
    expect(stderr).toBe(
      gone.length === 0 ? '' : `Hidden columns (use a wider terminal or --format json): ${gone.join(', ')}\n`,
    );
  });

  it('keeps its columns straight under wide characters', async () => {
    const tracks = [track({ userId: '田中さん' }), track({ userId: '🧑‍🚀', trackId: 't-2' }), BOB_MIC];
    const { stdout } = await rawreel(LIST, { recording: recording({ tracks }) });
    const rows = stdout.split('\n').slice(2, -1);
    const sessionStarts = rows.map((row) => stringWidth(row.slice(0, row.search(/SESSION|s-alice|s-bob/))));
    expect(new Set(sessionStarts).size).toBe(1);
  });

  it('shows what an id could do to a terminal instead of doing it', async () => {
    const nasty = 'eve\u001b[2J\r\n\u202egpj';
    const { stdout } = await rawreel(LIST, {
      recording: recording({ tracks: [track({ userId: nasty })], callId: 'a\u0007b' }),
    });
    expect(stdout).toContain('eve\\x1b[2J\\x0d\\x0a\\u202egpj');
    expect(stdout).toContain('a\\x07b');
    expect(stdout.split('\n')).toHaveLength(5);
  });

  it('stands without times, sizes, names and tracks', async () => {
    const { startsAtMs: _, endsAtMs: __, ...timeless } = track({ codec: '', segments: [] });
    const {
      callStartMs: ___,
      zeroUnixMs: ____,
      ...bare
    } = recording({ callType: '', callId: '', tracks: [timeless] });
    const { stdout, exitCode } = await rawreel(LIST, { recording: bare });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('unnamed call · unknown start · unknown length · 1 person · 1 track');
    expect(stdout).toMatch(/audio +no +- +- +- +- +0$/m);
    const empty = await rawreel(LIST, { recording: recording({ tracks: [] }) });
    expect(empty.stdout).toContain('No matching tracks.');
    expect(empty.exitCode).toBe(0);
  });

  it('says how many of the tracks a filter leaves', async () => {
    const { stdout } = await rawreel([...LIST, '--track-type', 'video']);
    expect(stdout).toContain('1 of 3 tracks');
    expect(stdout).toContain('t-alice-cam');
    expect(stdout).not.toContain('t-alice-mic');
  });
});

/** As long as ids of Stream's are. */
const uuid = (digit: number) => `${digit}`.repeat(8).concat('-0f0f-4a4a-8b8b-0123456789ab');

describe('the table of ids as they are', () => {
  const session = (userId: string, digit: number) => [
    track({ userId, sessionId: uuid(digit), trackId: uuid(digit + 1) }),
    track({ ...ALICE_CAMERA, userId, sessionId: uuid(digit), trackId: uuid(digit + 2) }),
  ];
  const users = [
    'alice@example.com',
    'user-0123456789abcdef0123456789abcdef01',
    '田中さん・フロントエンド開発チーム',
  ];
  const stage = {
    env: { NO_COLOR: '1' },
    recording: recording({
      callId: uuid(9),
      tracks: users.flatMap((user, index) => session(user, index * 2)),
    }),
  };

  it('on 80 columns has a heading for each user and session, and below it what each track is and how long it lasts', async () => {
    const { stdout, stderr } = await rawreel(LIST, { ...stage, stdoutColumns: 80 });
    expect(stdout.split('\n').slice(0, 11)).toEqual([
      `${uuid(9)} (default) · 20 Nov 2026 09:30:00 UTC`,
      '  1:00 · 3 people · 6 tracks · ZIP, 412 MB',
      '',
      'USER',
      ' SESSION',
      '  TRACK                                 TYPE   SCREENSHARE  CODEC   LASTS',
      'alice@example.com',
      ` ${uuid(0)}`,
      `  ${uuid(1)}  audio  no           opus   1:00.0`,
      `  ${uuid(2)}  video  no           vp8    1:00.0`,
      'user-0123456789abcdef0123456789abcdef01',
    ]);
    expect(stderr).toBe('Hidden columns (use a wider terminal or --format json): SIZE, STARTS, SEGMENTS\n');
  });

  it('is never wider than the terminal, keeps type, length and every id whole', async () => {
    for (let columns = 40; columns <= 200; columns += 1) {
      const { stdout, stderr } = await rawreel(LIST, { ...stage, stdoutColumns: columns });
      for (const line of `${stdout}${stderr}`.split('\n'))
        expect([columns, line, stringWidth(line) <= columns]).toEqual([columns, line, true]);
      for (const word of [...users, ...Array.from({ length: 7 }, (_, digit) => uuid(digit)), 'TYPE', 'LASTS'])
        expect([columns, word, stdout.includes(word)]).toEqual([columns, word, true]);
      expect(stdout.match(/\baudio\b/g)).toHaveLength(3);
      expect(stdout.match(/1:00\.0/g)).toHaveLength(6);
    }
  });

  it('an id that is wider than the terminal has a line of its own, which the terminal breaks', async () => {
    const userId = '長'.repeat(60);
    const tracks = [track({ userId, trackId: 'x'.repeat(90) })];
    const { stdout } = await rawreel(LIST, { ...stage, recording: recording({ tracks }), stdoutColumns: 80 });
    expect(tableIn(stdout)).toEqual([
      'USER',
      ' SESSION',
      '  TRACK',
      '   TYPE   SCREENSHARE  CODEC  SIZE  STARTS   LASTS  SEGMENTS',
      userId,
      ' s-alice',
      `  ${'x'.repeat(90)}`,
      '   audio  no           opus   -     0:00.2  1:00.0         1',
    ]);
  });

  it('a terminal that does not know its width is taken for one of 80 columns', async () => {
    const [unknown, usual] = await Promise.all(
      [0, 80].map((stdoutColumns) => rawreel(LIST, { ...stage, stdoutColumns })),
    );
    expect(unknown).toMatchObject({ stdout: usual?.stdout, stderr: usual?.stderr });
  });
});

describe('lists', () => {
  const many = recording({
    tracks: [
      BOB_MIC,
      ALICE_MIC,
      ALICE_CAMERA,
      track({ userId: 'Zoë', trackId: 't-0' }),
      track({ userId: 'two\nlines' }),
    ],
  });
  it.each([
    [
      ['--format', 'users'],
      ['Zoë', 'alice', 'bob', 'two\\x0alines'],
    ],
    [['--format', 'users', '--track-type', 'video'], ['alice']],
    [
      ['--format', 'sessions'],
      ['s-alice', 's-bob'],
    ],
    [
      ['--format', 'tracks'],
      ['t-0', 't-alice-cam', 't-alice-mic', 't-bob-mic'],
    ],
    [
      ['--format', 'tracks', '--track-type', 'audio'],
      ['t-0', 't-alice-mic', 't-bob-mic'],
    ],
    [
      ['--format', 'completion'],
      ['t-0', 't-alice-cam', 't-alice-mic', 't-bob-mic'],
    ],
    [
      ['--format', 'completion', '--completion-type', 'users'],
      ['Zoë', 'alice', 'bob', 'two\\x0alines'],
    ],
    [['--format', 'completion', '--completion-type', 'sessions', '--track-type', 'video'], ['s-alice']],
  ])('%j: sorted, once each, one per line, nothing else', async (args, lines) => {
    const { stdout, stderr } = await rawreel([...LIST, ...args], { recording: many });
    expect(stdout).toBe(lines.map((line) => `${line}\n`).join(''));
    expect(stderr).toBe('');
  });

  it('of nothing are empty', async () => {
    const { stdout, exitCode } = await rawreel([...LIST, '--format', 'users'], {
      recording: recording({ tracks: [] }),
    });
    expect([stdout, exitCode]).toEqual(['', 0]);
  });
});

describe('JSON', () => {
  it('has the shape of the reference, and the problems', async () => {
    const { stdout, exitCode } = await rawreel([...LIST, '--format', 'json'], {
      recording: recording({ problems: [notice('a')] }),
    });
    expect(exitCode).toBe(0);
    const listing = JSON.parse(stdout);
    expect(Object.keys(listing)).toEqual(['tracks', 'userIds', 'sessions', 'problems']);
    expect(listing.userIds).toEqual(['alice', 'bob']);
    expect(listing.sessions).toEqual(['s-alice', 's-bob']);
    expect(listing.problems).toEqual([notice('a')]);
    expect(listing.tracks[1]).toEqual({
      callType: 'default',
      callId: 'standup',
      callSessionId: 'run-1',
      callStartTime: '2026-11-20T09:30:00.000Z',
      userId: 'alice',
      sessionId: 's-alice',
      trackId: 't-alice-cam',
      trackType: 'TRACK_TYPE_VIDEO',
      trackKind: 'video',
      isScreenshare: false,
      codec: 'video/VP8',
      segmentCount: 1,
      trackStartTime: '2026-11-20T09:30:00.200Z',
      trackEndTime: '2026-11-20T09:31:00.200Z',
      segments: [
        {
          baseFilename: 'video_1',
          codec: 'video/VP8',
          startTime: null,
          endTime: null,
          dumpBytes: null,
          hasSdp: false,
          maxFrameDimension: { width: 1280, height: 720 },
        },
      ],
    });
  });

  it('--track-type filters tracks and ids alike', async () => {
    const { stdout } = await rawreel([...LIST, '--format', 'json', '--track-type', 'video']);
    const listing = JSON.parse(stdout);
    expect(listing.tracks.map(({ trackId }: { trackId: string }) => trackId)).toEqual(['t-alice-cam']);
    expect(listing.userIds).toEqual(['alice']);
  });

  it('keeps ids as they are, and survives times that are no dates', async () => {
    const tracks = [track({ userId: 'two\nlines', startsAtMs: 1e300, endsAtMs: START })];
    const { stdout } = await rawreel([...LIST, '--format', 'json'], { recording: recording({ tracks }) });
    expect(JSON.parse(stdout).tracks[0]).toMatchObject({ userId: 'two\nlines', trackStartTime: null });
  });

  it('with damage stdout is still nothing but JSON', async () => {
    const { stdout, stderr, exitCode } = await rawreel([...LIST, '--format', 'json'], {
      recording: recording({ problems: [damage] }),
    });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout).problems).toEqual([damage]);
    expect(stderr).toContain('cut short');
  });
});

describe('a damaged archive', () => {
  const problems = [notice('a'), notice('b'), damage, notice('c')];

  it('is exit 3 in every format, 0 when accepted; notices alone are 0', async () => {
    for (const format of ['table', 'json', 'users', 'sessions', 'tracks', 'completion']) {
      const stage = { recording: recording({ problems }) };
      expect((await rawreel([...LIST, '--format', format], stage)).exitCode).toBe(3);
      expect((await rawreel([...LIST, '--format', format, '--accept-damage'], stage)).exitCode).toBe(0);
      const odd = { recording: recording({ problems: [notice('a')] }) };
      expect((await rawreel([...LIST, '--format', format], odd)).exitCode).toBe(0);
    }
  });

  it('is told on stderr: damage first, alike notices in one line', async () => {
    const { stderr } = await rawreel([...LIST, '--format', 'users'], { recording: recording({ problems }) });
    expect(stderr).toBe(
      'rawreel: damaged: bob/timing_metadata.json is cut short\n' +
        'rawreel: note: a is in the archive twice (and 2 more like it)\n',
    );
  });

  it('every problem has its line with --verbose, and none with --quiet', async () => {
    const stage = { recording: recording({ problems }) };
    expect((await rawreel([...LIST, '--verbose'], stage)).stderr.match(/^rawreel:/gm)).toHaveLength(4);
    expect((await rawreel([...LIST, '--quiet'], stage)).stderr).toBe('');
  });

  it('with little damage names every place; with much, one of each kind', async () => {
    const places = (amount: number) =>
      Array.from({ length: amount }, (_, index) => ({ ...damage, message: `place ${index}` }));
    const few = await rawreel(LIST, { recording: recording({ problems: places(6) }) });
    expect(few.stderr.match(/place \d/g)).toHaveLength(6);
    const lots = await rawreel(LIST, { recording: recording({ problems: places(7) }) });
    expect(lots.stderr).toBe('rawreel: damaged: place 0 (and 6 more like it)\n');
  });

  it('of many kinds is cut to a few lines', async () => {
    const kinds = [
      'DUMP_EMPTY',
      'DUMP_MISSING',
      'ENTRY_LINK',
      'ENTRY_DAMAGED',
      'SDP_MISSING',
      'CODEC_UNKNOWN',
    ] as const;
    const all = [damage, notice('a'), ...kinds.map((code) => ({ ...notice(code), code }))];
    const { stderr } = await rawreel(LIST, { recording: recording({ problems: all }) });
    expect(stderr.trimEnd().split('\n')).toHaveLength(7);
    expect(stderr).toContain('and 2 other kinds: --verbose lists them');
  });
});

describe('opening', () => {
  it('passes path, limits and signal on, and closes the recording', async () => {
    const { told } = await rawreel([...LIST, '--max-entry-size', '1M', '--max-entries', '7']);
    expect(told.opened?.path).toBe('call.zip');
    expect(told.opened?.options?.limits).toEqual({ maxEntrySize: 1_048_576, maxEntries: 7 });
    expect(told.opened?.options?.signal).toBeInstanceOf(AbortSignal);
    expect(told.closed).toBe(true);
  });

  it('takes a folder by --input-dir', async () => {
    expect((await rawreel(['list-tracks', '--input-dir', 'call'])).told.opened?.path).toBe('call');
  });

  it('what is no archive is exit 1 with the words of the package, one thing a line', async () => {
    const openError = new CodedError(
      'ERR_NOT_AN_ARCHIVE',
      'call.zip is not an archive',
      'It is HTML.\nList it again.',
    );
    const { exitCode, stdout, stderr } = await rawreel(LIST, { openError });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe('rawreel: call.zip is not an archive\n  It is HTML.\n  List it again.\n');
  });
});
