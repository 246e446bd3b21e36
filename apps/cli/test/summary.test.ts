import type { ReportedGap, ReportedTrackFile, TrackProblem } from '@rawreel/processor';
import { describe, expect, it } from 'vitest';
import { rawreel, report, reportedFile } from './fakes.ts';

const EXTRACT = ['extract-video', '--input-file', 'call.zip', '--output', './out/'];

async function summaryOf(facts: Parameters<typeof report>[0], ...args: string[]): Promise<string[]> {
  const { stdout } = await rawreel([...EXTRACT, ...args], { report: report(facts) });
  return stdout.trimEnd().split('\n');
}

async function notesOf(...files: Partial<ReportedTrackFile>[]): Promise<string[]> {
  const lines = await summaryOf({ files: files.map((facts) => reportedFile(facts)) });
  const start = lines.indexOf('Noted');
  return start < 0 ? [] : lines.slice(start + 1, -1);
}

const packets = (received: number, lost: number) => ({ ...reportedFile().packets, received, lost });
const gap = (startMs: number, endMs: number, facts: Partial<ReportedGap> = {}): ReportedGap => ({
  startMs,
  endMs,
  reason: 'between-segments',
  filledWith: 'black',
  ...facts,
});
const CAMERA = { kind: 'video', trackType: 'TRACK_TYPE_VIDEO', userId: 'carol', trackId: 't-cam' } as const;

const BOB = { userId: 'bob', sessionId: 's-bob', trackId: 't-bob-mic' } as const;

const truncated: TrackProblem = {
  code: 'DUMP_TRUNCATED',
  severity: 'damage',
  message: 'dump ends in the middle of a record at 61 %: 25:40 of 42:16 made',
  userId: 'alice',
  sessionId: 's-alice',
  trackId: 't-alice-mic',
};

describe('the summary', () => {
  it('of a run without anything to note: headline, files with their paths, the manifest', async () => {
    const files = [
      reportedFile(),
      reportedFile({ path: 'bob-longer.mkv', byteLength: 1_234_567_890, durationMs: 3_723_000 }),
    ];
    expect(await summaryOf({ files })).toEqual([
      '2 files in ./out/ (1.2 GB, 3.1 s)',
      '     1:00  480 kB  out/alice.mkv',
      '  1:02:03  1.2 GB  out/bob-longer.mkv',
      'Details: out/manifest.json',
    ]);
  });

  it('has packet counts with --verbose', async () => {
    const lines = await summaryOf({ files: [reportedFile({ packets: packets(2990, 10) })] }, '--verbose');
    expect(lines[2]).toBe('    opus · from 0:00 · 1 segment · 3000 frames · packets: 2990 received, 10 lost');
  });

  it('of a transcription kit counts voices and lists of turns, and damage in what they were made from', async () => {
    const { kind: _kind, userId, sessionId, trackId, trackType, ...facts } = reportedFile();
    const tracks = [{ userId, sessionId, trackId, trackType }];
    const lines = await summaryOf({
      damaged: true,
      problems: [truncated],
      files: [
        { ...facts, kind: 'voice', path: 'alice.flac', userId, tracks },
        { ...facts, kind: 'voice', path: 'bob.flac', userId: 'bob', tracks: [{ ...BOB, trackType }] },
        { ...facts, kind: 'turns', path: 'turns.vtt', format: 'vtt', speakers: 2, turns: 9, tracks },
      ],
    });
    expect(lines[0]).toContain('damaged and 2 of them are not whole');
    expect(lines[1]).toMatch(/^ {2}alice {2}audio {2}dump ends/);
    expect(lines[2]).toBe('  2 voice · 1 list of turns');
    expect(lines[5]).toBe('  1:00  480 kB  out/turns.vtt');
  });

  it('with damage says so in its first line, then what and how much', async () => {
    const lines = await summaryOf({
      damaged: true,
      problems: [truncated],
      files: [reportedFile(), reportedFile(CAMERA)],
    });
    expect(lines.slice(0, 2)).toEqual([
      '2 files in ./out/ (960 kB, 3.1 s), but the archive is damaged and 1 of them is not whole (exit 3)',
      '  alice  audio  dump ends in the middle of a record at 61 %: 25:40 of 42:16 made',
    ]);
    const accepted = await summaryOf({ damaged: true, problems: [truncated] }, '--accept-damage');
    expect(accepted[0]).toMatch(/\(accepted\)$/);
  });

  it('of a quiet run that leaves a track out · says what makes it fail', async () => {
    const message = 'it cannot be made: its codec video/H265 is not supported yet';
    const problem = { ...truncated, severity: 'notice', code: 'TRACK_NOT_MIXED', message } as const;
    const { exitCode, stderr } = await rawreel([...EXTRACT, '--quiet'], {
      report: report({ problems: [problem] }),
    });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/without 1 track .*\n {2}alice .*H265 is not supported/),
    ]);
  });

  it('says how many of which kind, and how many an earlier run had made', async () => {
    const files = [reportedFile(), reportedFile(CAMERA), reportedFile({ path: 'bob.mkv' })];
    expect((await summaryOf({ files }))[1]).toBe('  2 audio · 1 video');
    expect((await summaryOf({ files, alreadyMade: ['bob.mkv'] }))[1]).toBe(
      '  2 audio · 1 video · 1 file made before',
    );
    expect((await summaryOf({ alreadyMade: ['alice.mkv'] }))[1]).toBe('  1 file made before');
  });

  it('of a film · counts no frames that nobody has recorded, and files of what is many in one', async () => {
    const of = (kind: string) =>
      ({ ...reportedFile({}), kind, path: kind }) as ReturnType<typeof reportedFile>;
    const film = { ...of('composite'), verified: { frames: 0, decodes: true } };
    const lines = await summaryOf({ files: [film, of('captions'), of('chapters'), of('scenes')] });
    expect(lines.join('\n')).toMatch(
      / {2}1 composite · 1 file of captions · 1 list of chapters · 1 list of scenes\n/,
    );
    expect(lines.at(-2)).toBe('Verified: 1 file read back and decoded, nothing wrong');
  });

  it('of a verified run says what was read back, compared, decoded and found', async () => {
    const verified = { frames: 1500, decodes: true };
    const sound = await summaryOf({
      files: [reportedFile({ verified }), reportedFile({ ...CAMERA, verified, path: 'carol.mkv' })],
      alreadyMade: ['carol.mkv'],
    });
    expect(sound.at(-2)).toBe(
      'Verified: 2 files read back and decoded, 1 of them by an earlier run, 3000 frames found as recorded, nothing wrong',
    );
    const differs = {
      path: 'bob.mkv',
      kind: 'audio',
      ...BOB,
      code: 'ERR_OUTPUT_DIFFERS',
      message: 'differs',
    } as const;
    const none = await summaryOf({ files: [], failures: [differs] });
    expect(none.at(-1)).toBe(
      'Verified: 1 file read back and decoded, 0 frames found as recorded, 1 file that differ from the recording, not kept',
    );
  });

  it('of a source that does not decode calls neither the archive damaged nor the file not whole', async () => {
    const problem: TrackProblem = {
      code: 'TRACK_UNDECODABLE',
      severity: 'damage',
      message: 'carol video was recorded as no decoder takes it',
      ...{ userId: 'carol', sessionId: 's-alice', trackId: 't-cam' },
    };
    const camera = reportedFile({ ...CAMERA, verified: { frames: 900, decodes: false } });
    const lines = await summaryOf({ damaged: true, problems: [problem], files: [camera] });
    expect(lines[0]).toBe('1 file in ./out/ (480 kB, 3.1 s), but 1 of them does not decode (exit 3)');
    expect(lines[1]).toBe('  carol  video  was recorded as no decoder takes it');
    expect(lines.at(-2)).toBe(
      'Verified: 1 file read back and decoded, 900 frames found as recorded, 1 file as undecodable as recorded',
    );
    const both = await summaryOf({
      damaged: true,
      problems: [problem, truncated],
      files: [camera, reportedFile()],
    });
    expect(both[0]).toContain(
      'but the archive is damaged and 1 of them is not whole and 1 of them does not decode (exit 3)',
    );
  });

  it('names the first twenty of a thousand damaged places, and every file that failed', async () => {
    const problems = Array.from({ length: 1000 }, (_, index) => ({
      code: 'ENTRY_OVERLAP' as const,
      severity: 'damage' as const,
      message: `d${index}.rtpdump claims bytes of another entry`,
    }));
    const failures = Array.from({ length: 30 }, (_, index) => ({
      path: `${index}.mkv`,
      kind: 'audio' as const,
      code: 'ERR_NO_MEDIA',
      message: `number ${index}`,
    }));
    const lines = await summaryOf({ damaged: true, problems, failures });
    expect(lines.filter((line) => line.includes('claims bytes'))).toHaveLength(20);
    expect(lines).toContain('  and 980 more: --verbose lists them');
    expect(lines.filter((line) => line.includes('number '))).toHaveLength(30);
  });

  it('tells damage of the archive as a whole without a name before it', async () => {
    const problem = {
      code: 'ENTRY_UNSAFE_NAME',
      severity: 'damage',
      message: 'an entry named ../x was left out',
    } as const;
    const lines = await summaryOf({ damaged: true, problems: [problem] });
    expect(lines[0]).toMatch(/but the archive is damaged \(exit 3\)$/);
    expect(lines[1]).toBe('  an entry named ../x was left out');
  });

  it('with outputs that could not be made says how many of how many, and why', async () => {
    const failure = {
      ...CAMERA,
      path: 'c.mkv',
      sessionId: 's',
      code: 'ERR_TRACK_FAILED',
      message: 'unreadable',
    };
    const lines = await summaryOf({ failures: [failure] });
    expect(lines.slice(0, 2)).toEqual([
      '1 of 2 files in ./out/: 1 could not be made (exit 1)',
      '  carol  video  unreadable',
    ]);
  });

  it('a mix that could not be made is everybody’s', async () => {
    const failure = { path: 'all.mp3', kind: 'mix', code: 'ERR_NO_FFMPEG', message: 'no ffmpeg' } as const;
    expect((await summaryOf({ failures: [failure] }))[1]).toBe('  everybody  mix  no ffmpeg');
  });

  it('says once what to do about outputs that failed for the same reason', async () => {
    const hint = 'Install ffmpeg.';
    const failure = {
      ...CAMERA,
      path: 'c.mkv',
      sessionId: 's',
      code: 'ERR_NO_FFMPEG',
      message: 'no ffmpeg',
      hint,
    };
    const lines = await summaryOf({ failures: [failure, { ...failure, path: 'd.mkv' }] });
    expect(lines.slice(1, 4)).toEqual([
      '  carol  video  no ffmpeg',
      '  carol  video  no ffmpeg',
      '  Install ffmpeg.',
    ]);
  });

  it('of nothing made has no file list and no manifest', async () => {
    expect(await summaryOf({ files: [] })).toEqual([
      'No files in ./out/: the recording has nothing to make them from (exit 1)',
    ]);
  });

  it('of nothing made says what it noted all the same', async () => {
    const problem = {
      ...truncated,
      code: 'DUMP_NO_RECORDS',
      severity: 'notice',
      message: 'nothing was sent',
    } as const;
    expect(await summaryOf({ files: [], problems: [problem] })).toEqual([
      'No files in ./out/: the recording has nothing to make them from (exit 1)',
      'Noted',
      '  alice    nothing was sent',
    ]);
  });

  it('says that a file lacks a track, which is no success however the damage is taken', async () => {
    const message = 'is not in the mix: it has nothing that can be played';
    const problems = [{ ...truncated, code: 'TRACK_NOT_MIXED', message }] as const;
    for (const accept of [[], ['--accept-damage']]) {
      const lines = await summaryOf({ damaged: true, problems }, ...accept);
      expect(lines.slice(0, 2)).toEqual([
        '1 file in ./out/ (480 kB, 3.1 s), but without 1 track that cannot be used (exit 1)',
        `  alice  audio  ${message}`,
      ]);
    }
  });

  it('says once that a codec is not supported', async () => {
    const failure = {
      ...CAMERA,
      path: 'c.mkv',
      sessionId: 's',
      code: 'ERR_CODEC_UNSUPPORTED',
      message: 'not supported',
    };
    const { userId, trackId } = CAMERA;
    const problem = {
      code: 'CODEC_UNSUPPORTED',
      severity: 'notice',
      message: 'again',
      userId,
      trackId,
    } as const;
    const lines = await summaryOf({ failures: [failure], problems: [problem] });
    expect(lines).toContain('  carol  video  not supported');
    expect(lines.join()).not.toContain('again');
  });

  it('does not repeat whose a problem is when the message begins with it', async () => {
    const problem = { ...truncated, code: 'DUMP_MISSING', message: 'alice audio audio_2: no dump' } as const;
    const lines = await summaryOf({
      damaged: true,
      problems: [problem, { ...problem, trackId: 'not-made' }],
    });
    expect(lines.slice(1, 3)).toEqual([
      '  alice  audio  audio_2: no dump',
      '  alice         audio audio_2: no dump',
    ]);
  });

  it('escapes what foreign ids and messages could do to a terminal', async () => {
    const problem = { ...truncated, message: 'bad \u001b[31m', userId: 'x\u001b[0m', trackId: 'unknown' };
    const lines = await summaryOf({ damaged: true, problems: [problem] });
    expect(lines[1]).toContain('x\\x1b[0m');
    expect(lines[1]).toContain('bad \\x1b[31m');
  });
});

describe('noted', () => {
  it('is nothing that nobody would act on', async () => {
    const quiet = {
      packets: packets(100_000, 40),
      gaps: [gap(0, 60, { reason: 'loss', filledWith: 'silence' }), gap(10, 5000, { filledWith: 'silence' })],
      concealed: { dtxMs: 10_000, lossMs: 800, silenceMs: 4990 },
    };
    expect(await notesOf(quiet, CAMERA)).toEqual([]);
  });

  it('loss in audio: share, packets, longest hole, that it was concealed', async () => {
    const loss = {
      packets: packets(2400, 31),
      gaps: [gap(0, 40, { reason: 'loss' }), gap(100, 180, { reason: 'loss' })],
      concealed: { dtxMs: 0, lossMs: 620, silenceMs: 0 },
    };
    expect(await notesOf(loss)).toEqual([
      '  alice  audio  1.3 % lost (31 packets, longest 80 ms), concealed',
    ]);
  });

  it('loss that is rare but long', async () => {
    const loss = { packets: packets(1_000_000, 1), gaps: [gap(0, 2500, { reason: 'loss' })] };
    expect(await notesOf(loss)).toEqual(['  alice  audio  less than 0.01 % lost (1 packet, longest 2.5 s)']);
  });

  it('frames left out', async () => {
    const framesLeftOut = { incomplete: 3, undecodable: 35, beforeKeyFrame: 9 };
    expect(await notesOf({ ...CAMERA, framesLeftOut, frames: 962 })).toEqual([
      '  carol  video  38 frames of 1000 left out: incomplete, or dependent on one that is',
    ]);
  });

  it('camera off and screen not shared: how often, how long, what stands there', async () => {
    const gaps = [gap(10_000, 200_000), gap(300_000, 360_000)];
    const open = gaps.map((each) => ({ ...each, filledWith: 'nothing' as const }));
    const screen = { ...CAMERA, trackType: 'TRACK_TYPE_SCREEN_SHARE', trackId: 't-screen', userId: 'al' };
    expect(await notesOf({ ...CAMERA, gaps }, { ...screen, gaps: open })).toEqual([
      '  carol  video   camera off 2 times (4:10 in all), black',
      '  al     screen  not shared 2 times (4:10 in all), left open',
    ]);
  });

  it('a picture that begins late, and segments that are not there', async () => {
    const late = gap(0, 1600, { reason: 'before-start' });
    const missing = gap(5000, 9000, { reason: 'segment-missing', filledWith: 'nothing' });
    expect(await notesOf({ ...CAMERA, gaps: [late, missing] })).toEqual([
      '  carol  video  no picture in the first 1.6 s, black',
      '  carol  video  1 segment missing from the archive, left open',
    ]);
    expect(await notesOf({ ...CAMERA, gaps: [{ ...late, endMs: 300 }] })).toEqual([]);
  });

  it('a sound card that drifts: which way, how far, and what was done', async () => {
    const noteAbout = (driftPpm: number, packetsLeftOut: number, packetsAdded: number) =>
      notesOf({
        drift: { packetsLeftOut, packetsAdded },
        clock: { ...reportedFile().clock, driftPpm },
      });
    expect(await noteAbout(143.2, 18, 0)).toEqual([
      '  alice  audio  sound card runs 143 ppm fast: 18 packets left out in quiet places',
    ]);
    expect(await noteAbout(-120.4, 0, 1)).toEqual([
      '  alice  audio  sound card runs 120 ppm slow: 1 packet added in quiet places',
    ]);
    expect(await noteAbout(3, 2, 1)).toEqual([
      '  alice  audio  sound card runs unevenly: 2 packets left out and 1 packet added in quiet places',
    ]);
    expect(await noteAbout(30, 0, 0)).toEqual([]);
  });

  it('what is the same for many people is one line', async () => {
    const notes = (people: number) =>
      Array.from({ length: people }, (_, index) => ({
        ...CAMERA,
        userId: `user-${index}`,
        trackId: `t-${index}`,
        gaps: [gap(0, 1600, { reason: 'before-start' })],
      }));
    const text = 'video  no picture in the first 1.6 s, black';
    expect(await notesOf(...notes(2))).toEqual([`  user-0  ${text}`, `  user-1  ${text}`]);
    expect(await notesOf(...notes(3))).toEqual([`  user-0, user-1, user-2  ${text}`]);
    expect(await notesOf(...notes(10))).toEqual([`  user-0, user-1, user-2 and 7 others  ${text}`]);
    const files = notes(10).map((facts) => reportedFile(facts));
    const all = await summaryOf({ files }, '--verbose');
    expect(all.filter((line) => line.includes(text))).toHaveLength(10);
  });

  it('is so of what could not be made, and of damage', async () => {
    const failure = { ...CAMERA, path: 'c.mkv', sessionId: 's', code: 'ERR_NO_FFMPEG', message: 'no ffmpeg' };
    const failures = ['a', 'b', 'c', 'd', 'd'].map((userId) => ({ ...failure, userId }));
    const problems = failures.map(({ userId }) => ({
      ...truncated,
      userId,
      trackId: userId,
      message: `${userId} dump ends`,
    }));
    const lines = await summaryOf({ failures, problems, damaged: true });
    expect(lines.slice(1, 3)).toEqual([
      '  a, b, c and 1 other  video  no ffmpeg (5 times)',
      '  a, b, c and 1 other    dump ends (5 times)',
    ]);
  });

  it('no name that is not there makes room for itself', async () => {
    const failure = { ...CAMERA, path: 'c.mkv', sessionId: 's', code: 'ERR_NO_FFMPEG', message: 'no ffmpeg' };
    const failures = ['a', 'b', 'c', 'x'.repeat(60)].map((userId) => ({ ...failure, userId }));
    expect((await summaryOf({ failures }))[1]).toBe('  a, b, c and 1 other  video  no ffmpeg');
  });

  it('notices of the run once each, without those that change nothing', async () => {
    const filler = {
      ...truncated,
      code: 'FILLER_UNAVAILABLE',
      severity: 'notice',
      message: 'no ffmpeg',
    } as const;
    const twice = { ...filler, code: 'ENTRY_DUPLICATE', message: 'twice' } as const;
    const lines = await summaryOf({ problems: [filler, filler, twice] });
    expect(lines.slice(2, -1)).toEqual(['Noted', '  alice  audio  no ffmpeg']);
  });
});
