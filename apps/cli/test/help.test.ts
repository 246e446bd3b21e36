import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TOPICS } from '../src/commands/topics.ts';
import { COMMANDS } from '../src/commands.ts';
import { commandsOf, entriesOf, optionsOf } from '../src/declare/program.ts';
import { INTERRUPTED, rawreel } from './fakes.ts';

/** The words of an example as a shell would pass them on: no example needs more than double quotes. */
function wordsOf(line: string): string[] {
  const command = line.split(/ [|>]/)[0] ?? '';
  expect(command).not.toMatch(/['$\\]/);
  return [...command.matchAll(/"([^"]*)"|[^ ]+/g)].map(([word, quoted = word]) => quoted).slice(1);
}

let configFolder = '';
beforeAll(() => {
  configFolder = mkdtempSync(join(tmpdir(), 'rawreel-config-'));
});
afterAll(() => rmSync(configFolder, { recursive: true }));

describe('help', () => {
  it('rawreel alone shows every command and topic under what a person wants, and succeeds', async () => {
    const { exitCode, stdout, stderr } = await rawreel([]);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const { name, group, summary } of entriesOf({ commands: COMMANDS, topics: TOPICS })) {
      const page = stdout.replace(/\s+/g, ' ');
      expect(page).toContain(`${group}:`);
      expect(page).toContain(`${name} ${summary}`);
    }
  });

  it('is the same page however it is asked for', async () => {
    const pages = await Promise.all([[], ['--help'], ['-h'], ['help']].map((args) => rawreel(args)));
    expect(new Set(pages.map(({ stdout }) => stdout)).size).toBe(1);
    const ofCommand = await Promise.all(
      [
        ['list-tracks', '--help'],
        ['help', 'list-tracks'],
        ['--verbose', 'list-tracks', '-h'],
      ].map((args) => rawreel(args)),
    );
    expect(new Set(ofCommand.map(({ stdout, exitCode }) => `${exitCode} ${stdout}`)).size).toBe(1);
  });

  it.each(TOPICS)(
    '$name: its page shows its commands, however it is asked for',
    async ({ name, summary }) => {
      const pages = await Promise.all(
        [[name], [name, '--help'], ['help', name], [name, 'help']].map((args) => rawreel(args)),
      );
      expect(new Set(pages.map(({ stdout, exitCode }) => `${exitCode} ${stdout}`)).size).toBe(1);
      const page = pages[0]?.stdout.replace(/\s+/g, ' ') ?? '';
      expect(page).toMatch(summary);
      for (const command of commandsOf(name, COMMANDS))
        expect(page).toContain(`${command.name} ${command.summary}`);
    },
  );

  it('every two-word name begins with a topic', () => {
    const first = COMMANDS.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0]] : []));
    expect(new Set(first)).toEqual(new Set(TOPICS.map(({ name }) => name)));
  });

  it('every command is listed: a declaration and its code, in a file each', () => {
    const folder = join(import.meta.dirname, '..', 'src', 'commands');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && file !== 'topics.ts',
    );
    const paths = COMMANDS.map(({ name }) => join(...name.split(' ')));
    expect(files.sort()).toEqual(paths.flatMap((path) => [`${path}.ts`, `${path}.run.ts`]).sort());
  });

  it('a command of two words has its page, too', async () => {
    const pages = await Promise.all(
      [
        ['cache', 'list', '--help'],
        ['help', 'cache', 'list'],
        ['cache', 'help', 'list'],
        ['cache', '--json', 'list', '-h'],
      ].map((args) => rawreel(args)),
    );
    expect(new Set(pages.map(({ stdout, exitCode }) => `${exitCode} ${stdout}`)).size).toBe(1);
    expect(pages[0]?.stdout).toContain('Usage: rawreel cache list [options]');
  });

  it.each(['settings set', 'settings get', 'recording status'])(
    '%s says what each mode does',
    async (name) => {
      const page = (await rawreel([...name.split(' '), '--help'])).stdout.replace(/\s+/g, ' ');
      expect(page).toContain('"disabled": raw recording cannot be started');
      expect(page).toContain('"available": off until somebody starts it');
      expect(page).toContain('"auto-on": starts with the call by itself, backstage included');
    },
  );

  it('--version is the version of the package and nothing else', async () => {
    const { stdout, exitCode } = await rawreel(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(COMMANDS)(
    '$name: one sentence, usage, examples, then grouped options with defaults',
    async (command) => {
      const { stdout, exitCode } = await rawreel([...command.name.split(' '), '--help']);
      expect(exitCode).toBe(0);
      expect(stdout.split('\n')[0]).toBe(command.summary);
      expect(command.summary).toMatch(/^[A-Z][^.]*\.$/);
      const headings = [...stdout.matchAll(/^(\w+):/gm)].map(([, heading]) => heading);
      expect(headings.slice(0, 2)).toEqual(['Usage', 'Examples']);
      for (const option of optionsOf(command)) {
        const { name, hidden } = option;
        const byDefault = option.kind === 'flag' && option.default;
        expect(new RegExp(`^  (-\\w,|   ) --${name} `, 'm').test(stdout)).toBe(hidden !== true);
        if (byDefault === true) expect(stdout.includes(`--no-${name}`)).toBe(hidden !== true);
      }
    },
  );

  const lines = COMMANDS.flatMap(({ examples }) => examples);
  const isOurs = ({ line }: { readonly line: string }) => line.startsWith('rawreel ');

  it.each(lines.filter((example) => !isOurs(example)))('the example "$line" is shell', ({ line }) => {
    expect(execFileSync('bash', ['-n', '-c', line], { encoding: 'utf8' })).toBe('');
  });

  it.each(lines.filter(isOurs))('the example "$line" works when pasted', async ({ line }) => {
    const interruption = new AbortController();
    // Ctrl-C is the only end of this one.
    const isEndless = line.startsWith('rawreel jobs watch');
    if (isEndless) interruption.abort(INTERRUPTED);
    if (line.startsWith('rawreel webhook test')) {
      // Nobody is at the addresses of examples.
      vi.stubGlobal('fetch', async () => Response.json({ code: 'taken' }));
      onTestFinished(() => void vi.unstubAllGlobals());
    }
    const { exitCode, stderr } = await rawreel(wordsOf(line), {
      env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: 'secret', RAWREEL_API_TOKEN: 'token' },
      stdin: 'key\nsecret\n',
      configFolder,
      // An example may write a file.
      workingFolder: configFolder,
      interruption,
      processor: {
        makeTranscript: async () => ({ files: [], alreadyMade: [], participants: [], leftOut: 0 }),
      },
    });
    expect([exitCode, stderr.includes('rawreel:')]).toEqual([isEndless ? 130 : 0, false]);
  });

  it('fits the terminal', async () => {
    for (const columns of [60, 80, 120]) {
      const { stdout } = await rawreel(['extract-audio', '--help'], {
        stdoutColumns: columns,
        env: { NO_COLOR: '1' },
      });
      const options = stdout.slice(stdout.indexOf('Input:'), stdout.indexOf('Exit codes'));
      expect(Math.max(...options.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
    }
  });

  it('has colours on a terminal only, and not when NO_COLOR is set', async () => {
    const colour = '\u001b[';
    const shown = async (stage: Parameters<typeof rawreel>[1]) => (await rawreel(['--help'], stage)).stdout;
    expect(await shown({ stdoutColumns: 80 })).toContain(colour);
    expect(await shown({ stdoutColumns: 80, env: { NO_COLOR: '1' } })).not.toContain(colour);
    expect(await shown({ stdoutColumns: 80, env: { NO_COLOR: '' } })).toContain(colour);
    expect(await shown({ stdoutColumns: 80, env: { TERM: 'dumb' } })).not.toContain(colour);
    expect(await shown({})).not.toContain(colour);
  });
});
