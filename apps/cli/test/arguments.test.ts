import { describe, expect, it } from 'vitest';
import { extractAudio } from '../src/commands/extract-audio.ts';
import { listTracks } from '../src/commands/list-tracks.ts';
import { processAll } from '../src/commands/process-all.ts';
import { TOPICS } from '../src/commands/topics.ts';
import { COMMANDS } from '../src/commands.ts';
import { parse } from '../src/declare/parse.ts';
import { argumentsOf, optionsOf } from '../src/declare/program.ts';
import { type GivenWords, readOptions } from '../src/declare/read-options.ts';
import { exampleOf } from '../src/declare/usage-errors.ts';
import { UsageError } from '../src/failure/errors.ts';
import { coloursFor } from '../src/terminal/colour.ts';
import { FakeOutput, rawreel } from './fakes.ts';

const LOOK = { width: 80, colours: coloursFor(new FakeOutput(), {}) };

function parsed(args: readonly string[]): { name: string; options: GivenWords } {
  const result = parse(args, { version: '1.2.3', commands: COMMANDS, topics: TOPICS }, LOOK);
  if (result.kind === 'text') throw new Error('a page was printed');
  return { name: result.command.name, options: result.words };
}

const EXTRACT = ['extract-audio', '--input-file', 'a.zip', '--output', 'out'];
const extract = (...args: string[]) =>
  readOptions(extractAudio.options, parsed([...EXTRACT, ...args]).options);
const list = (...args: string[]) =>
  readOptions(listTracks.options, parsed(['list-tracks', '--input-file', 'a.zip', ...args]).options);

/** A command as one types it, with a word for each argument that it needs. */
const wordsOf = (command: (typeof COMMANDS)[number]): string[] => {
  const needed = argumentsOf(command).filter(({ optional }) => !optional);
  return [...command.name.split(' '), ...needed.map(({ choices }) => choices?.[0] ?? 'a:b')];
};

describe('booleans, as Go spells them', () => {
  const forms: [string[], boolean][] = [
    [[], true],
    [['--fill-gaps'], true],
    [['--fill-gaps=true'], true],
    [['--fill-gaps=1'], true],
    [['--fill-gaps=T'], true],
    [['--fill-gaps=false'], false],
    [['--fill-gaps=0'], false],
    [['--fill-gaps=False'], false],
    [['--no-fill-gaps'], false],
    [['--no-fill-gaps', '--fill-gaps'], true],
    [['--fill-gaps', '--fill-gaps=false'], false],
  ];
  it.each(forms)('%j means %s', async (args, on) => {
    expect(extract(...args).fillGaps).toBe(on);
    const { told } = await rawreel([...EXTRACT, ...args]);
    expect(told.request?.gaps).toBe(on ? 'fill' : 'keep');
  });

  it('every boolean of every command takes all three forms', () => {
    for (const command of COMMANDS) {
      const start = wordsOf(command);
      for (const { name, key, kind } of optionsOf(command)) {
        if (kind !== 'flag') continue;
        const given = (flag: string) => parsed([...start, flag]).options[key];
        expect([name, given(`--${name}`), given(`--${name}=true`)]).toEqual([name, true, true]);
        expect([name, given(`--no-${name}`), given(`--${name}=false`)]).toEqual([name, false, false]);
      }
    }
  });

  it('a value that is neither is a usage error that shows how to write it', () => {
    expect(() => extract('--fix-dtx=maybe')).toThrow(/--fix-dtx takes true or false, not "maybe"/);
    expect(() => extract('--fix-dtx=')).toThrow(UsageError);
  });

  it('a value as a word of its own is refused, never taken silently for true', async () => {
    const { exitCode, stderr } = await rawreel([
      'extract-audio',
      '--fill-gaps',
      'false',
      '--input-file',
      'a.zip',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Write --fill-gaps=false');
  });

  it('what looks like a boolean but is the value of another option stays a value', () => {
    expect(extract('--user-id', '--fill-gaps=false')).toMatchObject({
      userId: ['--fill-gaps=false'],
      fillGaps: true,
    });
  });
});

describe('options with values', () => {
  it('take them after a blank or an equals sign, which may be part of the value', () => {
    expect(extract('--user-id', 'alice').userId).toEqual(['alice']);
    expect(extract('--user-id=alice').userId).toEqual(['alice']);
    expect(extract('--user-id=a=b').userId).toEqual(['a=b']);
    expect(extract('--user-id', '-a b-').userId).toEqual(['-a b-']);
  });

  it.each([
    [['list-tracks', '--input-file', 'a.zip', '-i', 'b.zip']],
    [['--output', 'a', 'extract-audio', '--input-file', 'a.zip', '--output=a']],
    [['recording', 'wait', 'default:standup', '--since', 'a', '--since', 'b']],
  ])('given twice, of which one would go unnoticed: %j', async (args) => {
    const { exitCode, stderr, told } = await rawreel(args);
    expect([exitCode, told.opened]).toEqual([2, undefined]);
    expect(stderr).toMatch(/^rawreel: --(input-file|output|since) is given twice\n {2}It takes one value/);
  });

  it.each([
    ['--report', '-q'],
    ['-o', '--quiet'],
    ['--output', '--no-mix'],
    ['-i', '-o'],
    ['--inputs-from', '-vq'],
  ])('%s takes a path, and no option for it: %s', async (option, word) => {
    const { exitCode, stderr, told } = await rawreel(['process-all', 'a.zip', option, word]);
    expect([exitCode, told.opened]).toEqual([2, undefined]);
    expect(stderr).toMatch(/^rawreel: --[a-z-]+ takes a path, and --?[a-z-]+ is an option\n/);
    expect(stderr).toContain(` ./${word}\n`);
  });

  it('a path may begin with a dash, as ids may', () => {
    const { options } = parsed(['process-all', '-i', '-', '-o', '-dir', '--user-id', '-q']);
    expect(readOptions(processAll.options, options)).toMatchObject({
      inputFile: ['-'],
      output: '-dir',
      userId: ['-q'],
    });
  });

  it('each has an example, which is shown where the value is missing', async () => {
    for (const command of COMMANDS) {
      const words = wordsOf(command);
      // An example of a secret would teach to type one; a value that can be left out is never missing.
      const valued = optionsOf(command).filter(
        (option) =>
          (option.kind === 'list' || (option.kind === 'value' && !option.implied)) &&
          option.name !== 'api-secret',
      );
      for (const option of valued) {
        const flag = `--${option.name}`;
        const { exitCode, stderr } = await rawreel([...words, flag]);
        expect([command.name, exitCode, stderr]).toEqual([
          command.name,
          2,
          expect.stringContaining(`Example: ${flag} `),
        ]);
        const example = exampleOf(option, COMMANDS) ?? '';
        expect(parsed([...words, flag, example]).options).toMatchObject({
          [option.key]: option.kind === 'list' ? [example] : example,
        });
      }
    }
  });

  it('may stand before the command, as global flags of the reference do', () => {
    const { name, options } = parsed(['--input-file', 'a.zip', '--verbose', '--output=o', 'extract-video']);
    expect(name).toBe('extract-video');
    expect(options).toMatchObject({ inputFile: ['a.zip'], output: 'o', verbose: true });
  });

  it('may stand before each word of a name of two', () => {
    const { name, options } = parsed(['--cache-dir', 'list', 'cache', '--json', 'clear', '--verbose']);
    expect(name).toBe('cache clear');
    expect(options).toMatchObject({ cacheDir: 'list', json: true, verbose: true });
  });

  it('defaults are those of the reference', () => {
    expect(list()).toMatchObject({
      format: 'table',
      completionType: 'tracks',
      quiet: false,
      acceptDamage: false,
    });
    expect(list().trackType).toBeUndefined();
    expect(extract()).toMatchObject({
      fillGaps: true,
      fixDtx: true,
      align: 'track',
      dryRun: false,
      json: false,
      output: 'out',
    });
  });

  it('every flag of a listing arrives', () => {
    const args = [
      '--format=completion',
      '--completion-type',
      'users',
      '--track-type',
      'video',
      '--max-entries',
      '9',
    ];
    expect(
      list(...args, '--quiet', '--no-progress', '--verbose', '--accept-damage', '--output', 'unused'),
    ).toEqual({
      inputFile: 'a.zip',
      json: false,
      format: 'completion',
      completionType: 'users',
      trackType: 'video',
      cache: true,
      maxEntries: 9,
      quiet: true,
      progress: false,
      verbose: true,
      acceptDamage: true,
      output: 'unused',
    });
  });

  it('every flag of an extraction arrives', async () => {
    const args = [
      '--session-id',
      's',
      '--no-fix-dtx',
      '--align',
      'recording',
      '--dry-run',
      '--json',
      '--workers',
      '3',
    ];
    args.push('--quiet', '--verbose', '--accept-damage', '--max-entry-size', '2G');
    expect(extract(...args)).toEqual({
      recordings: [],
      inputFile: ['a.zip'],
      inputDir: [],
      inputS3: [],
      jobs: 1,
      output: 'out',
      progress: true,
      skipExisting: false,
      overwrite: false,
      userId: [],
      sessionId: ['s'],
      trackId: [],
      fillGaps: true,
      fixDtx: false,
      align: 'recording',
      cache: true,
      maxEntrySize: 2 * 2 ** 30,
      workers: 3,
      dryRun: true,
      json: true,
      quiet: true,
      verbose: true,
      acceptDamage: true,
    });
    const { told } = await rawreel([...EXTRACT, ...args, '--dry-run=false']);
    const { opened, request, ran } = told;
    expect(request).toEqual({
      outputs: ['audio'],
      sessionId: ['s'],
      gaps: 'fill',
      dtx: 'keep',
      align: 'recording',
    });
    expect(opened).toMatchObject({ path: 'a.zip', options: { limits: { maxEntrySize: 2 * 2 ** 30 } } });
    expect(ran).toMatchObject({ output: 'out', workers: 3 });
    expect([ran?.resume, ran?.verify]).toEqual([undefined, undefined]);
  });

  it('a transcription kit is of what the filter chooses, from the zero of the recording', async () => {
    const line = ['transcription-kit', '--input-file', 'a.zip', '--output', 'kit', '--user-id', 'alice'];
    const { exitCode, told } = await rawreel([...line, '--workers', '3', '--max-entry-size', '2G']);
    expect(exitCode).toBe(0);
    expect(told.request).toEqual({
      outputs: ['transcription'],
      userId: ['alice'],
      gaps: 'fill',
      dtx: 'fill',
      align: 'recording',
    });
    expect(told.ran).toMatchObject({ output: 'kit', workers: 3, maxEntrySize: 2 * 2 ** 30 });
  });

  it.each([
    ['1', 1],
    ['4096', 4096],
    ['10K', 10_240],
    ['1.5m', 1_572_864],
    ['500MB', 524_288_000],
    ['2GiB', 2_147_483_648],
    ['1T', 1_099_511_627_776],
  ])('--max-entry-size %s is %i bytes', (text, bytes) => {
    expect(extract('--max-entry-size', text).maxEntrySize).toBe(bytes);
  });

  it('--max-output is a size, and reaches the run', async () => {
    const line = ['extract-audio', '--input-file', 'a.zip', '--output', 'out', '--max-output', '2G'];
    const { told } = await rawreel(line);
    expect(told.ran).toMatchObject({ maxOutputBytes: 2 * 2 ** 30 });
    expect(() => extract('--max-output', 'much')).toThrow(/--max-output takes a size/);
  });

  it.each(['', '0', '-1', 'G', '2X', '1e3', '99999999T', '2 G B'])(
    '--max-entry-size "%s" is refused',
    (text) => {
      expect(() => extract('--max-entry-size', text)).toThrow(UsageError);
    },
  );

  it.each(['', '0', '-3', '1.5', 'many', '1e9', '99999999999999999999'])(
    'a count of "%s" is refused',
    (text) => {
      expect(() => extract('--workers', text)).toThrow(/--workers takes a whole number of at least 1/);
      expect(() => list('--max-entries', text)).toThrow(/--max-entries takes a whole number of at least 1/);
    },
  );
});

describe('short options', () => {
  it.each([[['-o', 'out']], [['-oout']], [['-o=out']], [['--output', 'out']]])('%j is one folder', (args) => {
    const { options } = parsed(['extract-audio', '-i', 'a.zip', '-u', 'alice', '-u', 'bob', ...args, '-qv']);
    expect(options).toMatchObject({
      inputFile: ['a.zip'],
      userId: ['alice', 'bob'],
      output: 'out',
      quiet: true,
      verbose: true,
    });
  });

  it('may stand before the command, and what looks like one but is a value stays a value', () => {
    const { name, options } = parsed(['-v', '-u', '-q', 'extract-audio', '-u', '-i']);
    expect(name).toBe('extract-audio');
    expect(options).toMatchObject({ verbose: true, userId: ['-q', '-i'] });
    expect(options).not.toHaveProperty('quiet');
  });

  it('one that there is not is refused', async () => {
    const { exitCode, stderr } = await rawreel([...EXTRACT, '-x']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("unknown option '-x'")]);
  });

  it('-v shows the stack of an error, as --verbose does', async () => {
    for (const flag of ['-v', '-qv', '--verbose'])
      expect((await rawreel(['list-tracks', flag])).stderr).toMatch(
        /UsageError: no recording selected\n\s+at /,
      );
  });
});

describe('what process-all is asked for', () => {
  it.each<[string[], object]>([
    [
      [],
      { outputs: ['audio', 'video', 'muxed', 'mix'], muxed: { container: 'mkv' }, mix: { format: 'mp3' } },
    ],
    [['--container', 'mp4', '--format', 'wav'], { muxed: { container: 'mp4' }, mix: { format: 'wav' } }],
    [['--composite', '--no-mix'], { outputs: ['audio', 'video', 'muxed', 'composite'] }],
  ])('%j', async (args, request) => {
    const { told } = await rawreel(['process-all', '-i', 'a.zip', '-o', 'out', ...args]);
    expect(told.request).toMatchObject(request);
  });
});

it('list-tracks --json is --format json', async () => {
  const [one, other] = await Promise.all(
    [['--json'], ['--format', 'json']].map((args) => rawreel(['list-tracks', '-i', 'a.zip', ...args])),
  );
  expect(one).toMatchObject({ exitCode: 0, stdout: other?.stdout });
  expect(JSON.parse(one?.stdout ?? '').userIds).toEqual(['alice', 'bob']);
});

describe('--no-progress', () => {
  it('leaves out lines of progress, and nothing else', async () => {
    const events = [
      { type: 'output-finished', file: 't-alice-mic.mkv', byteLength: 10, durationMs: 1000 },
    ] as const;
    const shown = await rawreel(EXTRACT, { events });
    expect(shown.stderr).toContain('alice audio');
    const hidden = await rawreel([...EXTRACT, '--no-progress'], { events });
    expect([hidden.stderr, hidden.stdout]).toEqual(['', shown.stdout]);
  });
});

describe('what makes no sense is exit 2 before anything is opened', () => {
  const input = ['--input-file', 'a.zip'];
  const cases: [string, string[], RegExp][] = [
    ['no input', ['list-tracks'], /no recording selected/],
    ['both inputs', ['list-tracks', ...input, '--input-dir', 'd'], /cannot be used together/],
    ['an empty input', ['list-tracks', '--input-file', ''], /--input-file is empty/],
    ['an input without its path', ['list-tracks', '--input-file'], /argument missing/],
    ['no output', ['extract-audio', ...input], /--output is missing/],
    ['an empty output', ['extract-audio', ...input, '--output', ''], /--output is empty/],
    [
      'two filters',
      ['extract-audio', ...input, '--output', 'o', '--user-id', 'a', '--track-id', 't'],
      /cannot be used together/,
    ],
    ['an empty filter', ['extract-video', ...input, '--output', 'o', '--user-id='], /--user-id is empty/],
    [
      'a format nobody knows',
      ['list-tracks', ...input, '--format', 'xml'],
      /table, json, users, sessions, tracks/,
    ],
    ['a kind nobody knows', ['list-tracks', ...input, '--track-type', 'Audio'], /audio, video/],
    [
      'an id list nobody knows',
      ['list-tracks', ...input, '--completion-type', 'calls'],
      /users, sessions, tracks/,
    ],
    ['a place nobody knows', ['extract-audio', ...input, '--align', 'left'], /track, recording/],
    ['a shell nobody knows', ['completion', 'tcsh'], /bash, zsh, fish/],
    ['no shell', ['completion'], /missing/],
    ['a misspelt option', ['extract-audio', ...input, '--usr-id', 'a'], /Did you mean --user-id\?/],
    ['a format of a kit', ['transcription-kit', ...input, '--format', 'wav'], /unknown option '--format'/],
    ['an option of another command', ['extract-video', ...input, '--fix-dtx'], /unknown option '--fix-dtx'/],
    ['a misspelt command', ['list-track'], /Did you mean list-tracks\?/],
    ['a misspelt command after global options', [...input, 'list-track'], /Did you mean list-tracks\?/],
    ['a misspelt second word', ['cache', 'lst'], /unknown command 'lst'\n {2}Did you mean list\?/],
    ['a second word nobody knows', ['cache', 'xyz', '--json=false'], /Commands: rawreel cache --help/],
    ['an option instead of a second word', ['cache', '--json=false'], /unknown option/],
    ['a stray word after two', ['cache', 'list', 'all'], /Options and examples: rawreel cache list --help/],
    [
      'an option of two others',
      ['extract-video', ...input, '--format', 'wav'],
      /'--format'\n {2}--format is an option of list-tracks, mix-audio, process-all and 2 others\.\n/,
    ],
    [
      'an option of one other',
      ['process-all', ...input, '--include-single'],
      /\n {2}--include-single is an option of mux-av\.\n/,
    ],
    [
      'an option of others, misspelt',
      ['extract-video', ...input, '--fomat=wav'],
      /Did you mean --format\? --format is an option of list-tracks, mix-audio, process-all and 2 others\.\n/,
    ],
    [
      'an option of many others',
      ['doctor', '--input-file', 'a.zip'],
      /--input-file is an option of list-tracks, inspect, extract-audio and 7 others\.\n/,
    ],
    [
      'an option that is like none',
      ['process-all', ...input, '--xyzzy'],
      /'--xyzzy'\n {2}Options and examples/,
    ],
    [
      'the beginning of an option',
      ['extract-audio', ...input, '--session', 's'],
      /Did you mean --session-id\?/,
    ],
    ['a second word alone', ['wait', 'default:standup'], /Did you mean recording wait\?/],
    ['a second word of several', ['get'], /Did you mean settings get or grants get\?/],
    ['no call', ['recording', 'start'], /Example: rawreel recording start default:standup\n/],
    [
      'a bitrate in bits',
      ['mix-audio', ...input, '--output', 'o', '--bitrate', '128000'],
      /6 to 512, such as 128/,
    ],
    [
      'a bitrate of what is lossless',
      ['mix-audio', ...input, '--output', 'o', '--bitrate', '128', '--format', 'wav'],
      /--bitrate is for mp3, m4a, opus and mkv; wav is lossless/,
    ],
    [
      'users apart in what cannot hold them so',
      ['mix-audio', ...input, '--output', 'o', '--layout', 'per-user'],
      /--layout per-user needs --format mkv or wav, not mp3/,
    ],
    ['no command', [...input], /no command given/],
    ['a stray word', ['list-tracks', 'a.zip', 'b.zip'], /"b\.zip" is not .*\n {2}It takes 1 recording\.\n/],
    ['help for nothing', ['help', 'me'], /no command "me"/],
  ];
  it.each(cases)('%s', async (_, args, says) => {
    const { exitCode, stdout, stderr, told } = await rawreel(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^rawreel: \S/);
    expect(stderr).toMatch(says);
    expect(told.opened).toBeUndefined();
  });

  it.each([
    [['video', 'raw-recording', 'list-tracks', '--input-file', 'a b.zip'], 'video raw-recording'],
    [
      ['--input-file', 'a b.zip', 'stream-cli', 'video', 'raw-recording', 'list-tracks'],
      'stream-cli video raw-recording',
    ],
    [['raw-recording', 'list-tracks', '--input-file', 'a b.zip'], 'raw-recording'],
  ])(
    'a line of Stream’s command line says which words to leave out, and its own form: %j',
    async (args, words) => {
      const { exitCode, stderr } = await rawreel(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`rawreel: leave out "${words}"`);
      const [, line = ''] = /Run: rawreel (.*)\n/.exec(stderr) ?? [];
      expect([...line.split(' ')].sort()).toEqual(["'a", '--input-file', "b.zip'", 'list-tracks']);
    },
  );

  it('with --json the error is an object on stdout, with the same exit code', async () => {
    const { exitCode, stdout, stderr } = await rawreel(['extract-audio', '--json', '--input-file', 'a.zip']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('');
    const { error } = JSON.parse(stdout);
    expect(error).toEqual({
      code: 'ERR_USAGE',
      message: expect.stringMatching(/--output is missing/),
      hint: expect.stringMatching(/--dry-run/),
    });
  });
});
