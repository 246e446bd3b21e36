import type { ProgressEvent } from '@rawreel/processor';
import { describe, expect, it } from 'vitest';
import {
  CodedError,
  INTERRUPTED,
  rawreel,
  recording,
  report,
  reportedFile,
  type Stage,
  track,
} from './fakes.ts';

const AUDIO = ['extract-audio', '--input-file', 'call.zip', '--output', 'out'];
const VIDEO = ['extract-video', '--input-file', 'call.zip', '--output', 'out'];

const damaged = report({
  damaged: true,
  problems: [
    {
      code: 'DUMP_TRUNCATED',
      severity: 'damage',
      message: 'dump ends in the middle of a record at 61 %',
      userId: 'alice',
      sessionId: 's-alice',
      trackId: 't-alice-mic',
    },
  ],
});
const failed = report({
  failures: [
    {
      path: 'bob.mkv',
      kind: 'audio',
      userId: 'bob',
      sessionId: 's-bob',
      trackId: 't-bob-mic',
      code: 'ERR_TRACK_FAILED',
      message: 'no room on the disk',
    },
  ],
});

describe('ffmpeg is asked', () => {
  const openError = new CodedError('ERR_OPEN_FAILED', 'there is no call.zip');
  it.each([
    [['process-all'], 'ffmpeg'],
    [['process-all', '--verify', '--no-mix'], 'ffmpeg'],
    [['process-all', '--no-mix'], undefined],
    [['mix-audio', '--format', 'wav'], undefined],
    [['extract-audio'], undefined],
  ] as const)('%j · before the recording is open: %s', async (words, asked) => {
    const args = [...words, '--input-file', 'call.zip', '--output', 'out'];
    const { told, exitCode } = await rawreel(args, { openError });
    expect([told.ffmpegAsked, exitCode]).toEqual([asked, 1]);
  });

  it('where FFMPEG_PATH says', async () => {
    const env = { FFMPEG_PATH: '/opt/ffmpeg' };
    const { told } = await rawreel(['mix-audio', '--input-file', 'call.zip', '--output', 'out'], { env });
    expect(told.ffmpegAsked).toBe('/opt/ffmpeg');
  });
});

describe('what is asked of the processor', () => {
  it.each([
    [AUDIO, { outputs: ['audio'], gaps: 'fill', dtx: 'fill', align: 'track' }],
    [VIDEO, { outputs: ['video'], gaps: 'fill', dtx: 'fill', align: 'track' }],
    [[...AUDIO, '--user-id', 'alice'], { outputs: ['audio'], userId: ['alice'] }],
    [[...AUDIO, '--session-id', 's-bob'], { sessionId: ['s-bob'] }],
    [[...VIDEO, '--track-id', 't-alice-cam'], { trackId: ['t-alice-cam'] }],
    [
      [...AUDIO, '--fill-gaps=false', '--fix-dtx=false', '--align', 'recording'],
      { gaps: 'keep', dtx: 'keep', align: 'recording' },
    ],
    [
      ['mux-av', ...AUDIO.slice(1), '--language', 'pt-BR', '--container', 'mkv', '--media', 'user'],
      { outputs: ['muxed'], muxed: { language: 'pt-BR', container: 'mkv', media: 'user' } },
    ],
  ])('%j', async (args, request) => {
    const { told, exitCode } = await rawreel(args);
    expect(exitCode).toBe(0);
    expect(told.request).toMatchObject(request);
  });

  it('no filter that was not given is passed on', async () => {
    const { told } = await rawreel(AUDIO);
    expect(Object.keys(told.request ?? {}).sort()).toEqual(['align', 'dtx', 'gaps', 'outputs']);
  });

  it('folder, limits, workers and ffmpeg reach the run, and the recording is closed after it', async () => {
    const { told } = await rawreel(
      [...AUDIO, '--workers', '2', '--max-entry-size', '3K', '--max-entries', '5'],
      {
        env: { FFMPEG_PATH: '/opt/ffmpeg' },
      },
    );
    expect(told.ran).toMatchObject({
      output: 'out',
      workers: 2,
      maxEntrySize: 3072,
      ffmpegPath: '/opt/ffmpeg',
    });
    expect(told.ran?.madeBy).toMatch(/^rawreel \d+\.\d+\.\d+$/);
    expect(told.opened?.options?.limits).toEqual({ maxEntrySize: 3072, maxEntries: 5 });
    expect(told.opened?.options?.spoolFolder).toBe('out/.work');
    expect([told.closed, told.cleaned]).toEqual([true, true]);
  });

  it('an id copied from our own listing is found, escapes and all', async () => {
    const stage = { recording: recording({ tracks: [track({ userId: 'two\nlines' })] }) };
    const listed = await rawreel(['list-tracks', '--input-file', 'call.zip', '--format', 'users'], stage);
    const { told } = await rawreel([...AUDIO, '--user-id', listed.stdout.trimEnd()], stage);
    expect(told.request?.userId).toEqual(['two\nlines']);
  });
});

describe('exit codes', () => {
  it.each<[string, Stage, string[], number]>([
    ['all made', {}, [], 0],
    ['made from damage', { report: damaged }, [], 3],
    ['made from damage, which is accepted', { report: damaged }, ['--accept-damage'], 0],
    ['one not made', { report: failed }, [], 1],
    ['one not made, damage accepted', { report: failed }, ['--accept-damage'], 1],
    ['one not made, and damage', { report: { ...failed, damaged: true } }, [], 1],
    ['none made', { report: report({ files: [] }) }, ['--accept-damage'], 1],
    ['nothing of the kind', { planError: new CodedError('ERR_NOTHING_TO_EXTRACT', 'no audio') }, [], 1],
    ['no archive', { openError: new CodedError('ERR_NOT_AN_ARCHIVE', 'is HTML') }, [], 1],
    ['folder not writable', { runError: new CodedError('ERR_OUTPUT_UNWRITABLE', 'read-only') }, [], 1],
  ])('%s: the same in words, quietly and as JSON', async (_, stage, args, exitCode) => {
    for (const form of [[], ['--quiet'], ['--json']]) {
      expect((await rawreel([...AUDIO, ...args, ...form], stage)).exitCode).toBe(exitCode);
    }
  });

  it('a plan of a damaged archive is exit 3 unless accepted', async () => {
    const stage = {
      recording: recording({
        problems: [{ code: 'ARCHIVE_TRUNCATED', severity: 'damage', message: 'cut short' } as const],
      }),
    };
    expect((await rawreel([...AUDIO, '--dry-run'], stage)).exitCode).toBe(3);
    expect((await rawreel([...AUDIO, '--dry-run', '--accept-damage'], stage)).exitCode).toBe(0);
  });
});

describe('JSON', () => {
  it('is the report on stdout and nothing else anywhere', async () => {
    const events: ProgressEvent[] = [
      { type: 'output-started', file: 't-alice-mic.mkv', totalBytes: 10 },
      { type: 'output-finished', file: 't-alice-mic.mkv', byteLength: 5, durationMs: 1000 },
    ];
    for (const each of [report(), damaged, failed]) {
      const { stdout, stderr } = await rawreel([...AUDIO, '--json'], { report: each, events });
      expect(JSON.parse(stdout)).toEqual(each);
      expect(stderr).toBe('');
    }
  });

  it('is the plan for a dry run, which runs nothing and needs no folder', async () => {
    const { stdout, stderr, told, exitCode } = await rawreel([
      'extract-audio',
      '--input-file',
      'call.zip',
      '--dry-run',
      '--json',
    ]);
    expect([exitCode, stderr, told.ran]).toEqual([0, '', undefined]);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, outputs: [{ kind: 'audio' }, { kind: 'audio' }] });
  });

  it('is the error as an object', async () => {
    const openError = new CodedError('ERR_NOT_AN_ARCHIVE', 'call.zip is not an archive', 'It is HTML.');
    const { stdout, stderr } = await rawreel([...AUDIO, '--json'], { openError });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'ERR_NOT_AN_ARCHIVE', message: 'call.zip is not an archive', hint: 'It is HTML.' },
    });
  });

  it('an error without advice has no empty hint', async () => {
    const { stdout } = await rawreel([...AUDIO, '--json'], { openError: new CodedError('ERR_X', 'x', '') });
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'ERR_X', message: 'x' } });
  });
});

describe('a dry run in words', () => {
  it('names the files, whose they are, and what happens to gaps', async () => {
    const { stdout } = await rawreel([...AUDIO, '--dry-run', '--no-fill-gaps']);
    expect(stdout).toBe(
      [
        'Would write 2 files to out/ from call.zip:',
        '  alice  audio  opus  1 segment  1.0 MB  out/t-alice-mic.mkv',
        '  bob    audio  opus  1 segment  1.0 MB  out/t-bob-mic.mkv',
        "Gaps stay open, DTX silence is written out, time 0 is each file's start.",
        '',
      ].join('\n'),
    );
  });
});

describe('an id that nobody has', () => {
  const unknown = (code: string, known: string[]) => ({
    planError: new CodedError(code, 'no such', undefined, known),
  });

  it('is told with the closest one and the command that lists them, ready to paste', async () => {
    const { stderr, exitCode } = await rawreel(
      ['extract-audio', '--input-file', "my call's.zip", '--output', 'out', '--user-id', 'alcie'],
      unknown('ERR_NO_SUCH_USER', ['alice', 'bob']),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'rawreel: no user "alcie" in this recording\n' +
        '  Did you mean "alice"?\n' +
        "  All users: rawreel list-tracks --input-file 'my call'\\''s.zip' --format users\n",
    );
  });

  it('is told without a guess where none is close, and names the folder flag that was used', async () => {
    const { stderr } = await rawreel(
      ['extract-video', '--input-dir', 'call', '--output', 'out', '--track-id', 'zzzzzz'],
      unknown('ERR_NO_SUCH_TRACK', ['alice', 'bob']),
    );
    expect(stderr).toBe(
      'rawreel: no track "zzzzzz" in this recording\n' +
        '  All tracks: rawreel list-tracks --input-dir call --format tracks\n',
    );
  });

  it('with --json keeps the code of the package', async () => {
    const { stdout } = await rawreel(
      [...AUDIO, '--session-id', 's-alic', '--json'],
      unknown('ERR_NO_SUCH_SESSION', ['s-alice']),
    );
    expect(JSON.parse(stdout).error).toEqual({
      code: 'ERR_NO_SUCH_SESSION',
      message: 'no session "s-alic" in this recording',
      hint: 'Did you mean "s-alice"?\nAll sessions: rawreel list-tracks --input-file call.zip --format sessions',
    });
  });
});

describe('interruption', () => {
  const stage = (during: Partial<Stage>, reason = INTERRUPTED): Stage => {
    const interruption = new AbortController();
    return { interruption, during: () => interruption.abort(reason), ...during };
  };

  it('is the exit code of its signal, and one line', async () => {
    const { exitCode, stdout, stderr, told } = await rawreel(
      AUDIO,
      stage({ runError: new Error('aborted') }),
    );
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(stderr).toBe('rawreel: interrupted (SIGINT); unfinished files were removed\n');
    expect(told.closed).toBe(true);
    const terminated = stage({ runError: new Error('aborted') }, { signalName: 'SIGTERM', exitCode: 143 });
    expect((await rawreel(AUDIO, terminated)).exitCode).toBe(143);
  });

  it('is an error object with --json', async () => {
    const { stdout, stderr, exitCode } = await rawreel(
      [...AUDIO, '--json'],
      stage({ runError: new Error('aborted') }),
    );
    expect([exitCode, stderr]).toEqual([130, '']);
    expect(JSON.parse(stdout).error.code).toBe('ERR_INTERRUPTED');
  });

  it('that comes when all is made changes nothing; one that cost an output does', async () => {
    expect((await rawreel(AUDIO, stage({}))).exitCode).toBe(0);
    expect((await rawreel(AUDIO, stage({ report: failed }))).exitCode).toBe(130);
  });

  it('on a terminal says that it is cleaning up', async () => {
    const { stderr } = await rawreel(AUDIO, {
      ...stage({ runError: new Error('aborted') }),
      stderrColumns: 80,
    });
    expect(stderr).toContain('Press Ctrl-C again to quit at once');
  });
});

describe('errors', () => {
  it('show no stack, unless --verbose asks for it with all its causes', async () => {
    const openError = new Error('the outer', { cause: new Error('the inner') });
    const plain = await rawreel(AUDIO, { openError });
    expect(plain.exitCode).toBe(1);
    expect(plain.stderr).not.toMatch(/\n\s+at /);
    expect(plain.stderr).toContain('--verbose');
    const verbose = await rawreel([...AUDIO, '--verbose'], { openError });
    expect(verbose.stderr).toMatch(/the outer.*\n\s+at .*the inner/s);
  });

  it('of the system say which of our options may help', async () => {
    const { stderr } = await rawreel(AUDIO, {
      runError: new CodedError('ENOSPC', 'no space left on device, write'),
    });
    expect(stderr).toBe(
      'rawreel: no space left on device, write\n' +
        '  Free some space, or choose another --output: unfinished files are kept there, too.\n',
    );
  });

  it('that are no errors at all are still told', async () => {
    const { stderr, exitCode } = await rawreel(AUDIO, { openError: 'thrown text' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('thrown text');
  });
});

describe('a quiet run', () => {
  it('says nothing when nothing is wrong', async () => {
    const noisy = report({ files: [reportedFile({ packets: { ...reportedFile().packets, lost: 500 } })] });
    const { stdout, stderr } = await rawreel([...AUDIO, '--quiet'], { report: noisy, stderrColumns: 80 });
    expect([stdout, stderr]).toEqual(['', '']);
  });

  it('tells damage and failures on stderr', async () => {
    const broken = await rawreel([...AUDIO, '--quiet'], { report: damaged });
    expect(broken.stdout).toBe('');
    expect(broken.stderr).toContain('but the archive is damaged');
    expect(broken.stderr).toContain('at 61 %');
    const missing = await rawreel([...AUDIO, '--quiet'], { report: failed });
    expect(missing.stderr).toContain('no room on the disk');
  });
});
