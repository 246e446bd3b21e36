import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/declare/commands.ts';
import { type ParsedOptions, parse } from '../src/declare/parse.ts';
import { listTracksSettings, makeSettings } from '../src/declare/settings.ts';
import { exampleOf } from '../src/declare/usage-errors.ts';
import { UsageError } from '../src/failure/errors.ts';
import { coloursFor } from '../src/terminal/colour.ts';
import { FakeOutput, rawreel } from './fakes.ts';

const LOOK = { width: 80, colours: coloursFor(new FakeOutput(), {}) };

function parsed(args: readonly string[]): { name: string; options: ParsedOptions; argument?: string } {
  const result = parse(args, '1.2.3', LOOK);
  if (result.kind === 'text') throw new Error('a page was printed');
  return result;
}

const extract = (...args: string[]) =>
  makeSettings(
    ['audio'],
    parsed(['extract-audio', '--input-file', 'a.zip', '--output', 'out', ...args]).options,
  );
const list = (...args: string[]) =>
  listTracksSettings(parsed(['list-tracks', '--input-file', 'a.zip', ...args]).options);

const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

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
  it.each(forms)('%j means %s', (args, on) => {
    expect(extract(...args).request.gaps).toBe(on ? 'fill' : 'keep');
  });

  it('every boolean of every command takes all three forms', () => {
    for (const command of COMMANDS) {
      const { name: words, argument } = command;
      const start = [...words.split(' '), ...(argument ? [argument.choices?.[0] ?? 'a:b'] : [])];
      for (const { name, value } of command.options) {
        if (value) continue;
        const key = camelCase(name) as keyof ParsedOptions;
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
      filter: { id: '--fill-gaps=false' },
      request: { gaps: 'fill' },
    });
  });
});

describe('options with values', () => {
  it('take them after a blank or an equals sign, which may be part of the value', () => {
    expect(extract('--user-id', 'alice').filter?.id).toBe('alice');
    expect(extract('--user-id=alice').filter?.id).toBe('alice');
    expect(extract('--user-id=a=b').filter?.id).toBe('a=b');
    expect(extract('--user-id', '-a b-').filter?.id).toBe('-a b-');
  });

  it.each([
    [['extract-audio', '--input-file', 'a.zip', '--user-id', 'alice', '--user-id', 'bob']],
    [['--output', 'a', 'extract-audio', '--input-file', 'a.zip', '--output=a']],
    [['recording', 'wait', 'default:standup', '--since', 'a', '--since', 'b']],
  ])('given twice, of which one would go unnoticed: %j', async (args) => {
    const { exitCode, stderr, told } = await rawreel(args);
    expect([exitCode, told.opened]).toEqual([2, undefined]);
    expect(stderr).toMatch(/^rawreel: --(user-id|output|since) is given twice\n {2}It takes one value/);
  });

  it('each has an example, which is shown where the value is missing', async () => {
    for (const { name: command, options, argument } of COMMANDS) {
      const words = [...command.split(' '), ...(argument ? [argument.choices?.[0] ?? 'a:b'] : [])];
      // An example of a secret would teach to type one; a value that can be left out is never missing.
      const valued = options.filter(({ name, value }) => value && !value.implied && name !== 'api-secret');
      for (const option of valued) {
        const flag = `--${option.name}`;
        const { exitCode, stderr } = await rawreel([...words, flag]);
        expect([command, exitCode, stderr]).toEqual([
          command,
          2,
          expect.stringContaining(`Such as: ${flag} `),
        ]);
        const example = exampleOf(option) ?? '';
        expect(parsed([...words, flag, example]).options).toMatchObject({
          [camelCase(option.name)]: example,
        });
      }
    }
  });

  it('may stand before the command, as global flags of the reference do', () => {
    const { name, options } = parsed(['--input-file', 'a.zip', '--verbose', '--output=o', 'extract-video']);
    expect(name).toBe('extract-video');
    expect(options).toMatchObject({ inputFile: 'a.zip', output: 'o', verbose: true });
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
    expect(list()).not.toHaveProperty('trackType');
    expect(extract()).toMatchObject({
      request: { gaps: 'fill', dtx: 'fill', align: 'track' },
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
    expect(list(...args, '--quiet', '--verbose', '--accept-damage', '--output', 'unused')).toEqual({
      input: { flag: '--input-file', path: 'a.zip' },
      format: 'completion',
      completionType: 'users',
      trackType: 'video',
      remote: { keep: true },
      limits: { maxEntries: 9 },
      quiet: true,
      verbose: true,
      acceptDamage: true,
    });
  });

  it('every flag of an extraction arrives', () => {
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
    expect(extract(...args, '--quiet', '--verbose', '--accept-damage', '--max-entry-size', '2G')).toEqual({
      input: { flag: '--input-file', path: 'a.zip' },
      output: 'out',
      filter: { flag: '--session-id', key: 'sessionId', id: 's' },
      verify: false,
      request: { outputs: ['audio'], gaps: 'fill', dtx: 'keep', align: 'recording' },
      remote: { keep: true },
      limits: { maxEntrySize: 2 * 2 ** 30 },
      workers: 3,
      dryRun: true,
      json: true,
      quiet: true,
      verbose: true,
      acceptDamage: true,
    });
  });

  it('a transcription kit is of what the filter chooses, from the zero of the recording', async () => {
    const line = ['transcription-kit', '--input-file', 'a.zip', '--output', 'kit', '--user-id', 'alice'];
    const { exitCode, told } = await rawreel([...line, '--workers', '3', '--max-entry-size', '2G']);
    expect(exitCode).toBe(0);
    expect(told.request).toEqual({
      outputs: ['transcription'],
      userId: 'alice',
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
    expect(extract('--max-entry-size', text).limits.maxEntrySize).toBe(bytes);
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
      expect(() => extract('--workers', text)).toThrow(/--workers takes a whole number above 0/);
      expect(() => list('--max-entries', text)).toThrow(/--max-entries takes a whole number above 0/);
    },
  );
});

describe('what makes no sense is exit 2 before anything is opened', () => {
  const input = ['--input-file', 'a.zip'];
  const cases: [string, string[], RegExp][] = [
    ['no input', ['list-tracks'], /no recording is named/],
    ['both inputs', ['list-tracks', ...input, '--input-dir', 'd'], /exclude each other/],
    ['an empty input', ['list-tracks', '--input-file', ''], /--input-file is empty/],
    ['an input without its path', ['list-tracks', '--input-file'], /argument missing/],
    ['no output', ['extract-audio', ...input], /--output is missing/],
    ['an empty output', ['extract-audio', ...input, '--output', ''], /--output is empty/],
    [
      'two filters',
      ['extract-audio', ...input, '--output', 'o', '--user-id', 'a', '--track-id', 't'],
      /exclude/,
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
    ['a second word nobody knows', ['cache', 'xyz', '--json=false'], /Its commands: rawreel cache --help/],
    ['an option instead of a second word', ['cache', '--json=false'], /unknown option/],
    ['a stray word after two', ['cache', 'list', 'all'], /Options and examples: rawreel cache list --help/],
    [
      'an option of two others',
      ['process-all', ...input, '--format', 'wav'],
      /'--format'\n {2}--format is an option of list-tracks, mix-audio\.\n/,
    ],
    [
      'an option of one other',
      ['process-all', ...input, '--include-single'],
      /\n {2}--include-single is an option of mux-av\.\n/,
    ],
    [
      'an option of others, misspelt',
      ['process-all', ...input, '--fomat=wav'],
      /Did you mean --format\? --format is an option of list-tracks, mix-audio\.\n/,
    ],
    [
      'an option of many others',
      ['doctor', '--input-file', 'a.zip'],
      /--input-file is an option of list-tracks, extract-audio, extract-video and 4 others\.\n/,
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
    ['no call', ['recording', 'start'], /Such as: rawreel recording start default:standup\n/],
    [
      'a bitrate in bits',
      ['mix-audio', ...input, '--output', 'o', '--bitrate', '128000'],
      /6 to 512, such as 128/,
    ],
    [
      'a bitrate of what is lossless',
      ['mix-audio', ...input, '--output', 'o', '--bitrate', '128', '--format', 'wav'],
      /--bitrate is of mp3, m4a, opus and mkv, not of wav/,
    ],
    [
      'users apart in what cannot hold them so',
      ['mix-audio', ...input, '--output', 'o', '--layout', 'per-user'],
      /--layout per-user needs --format mkv or wav, not mp3/,
    ],
    ['no command', [...input], /no command is named/],
    ['a stray word', ['list-tracks', 'a.zip'], /named with --input-file/],
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
