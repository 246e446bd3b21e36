import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOPICS } from '../src/commands/topics.ts';
import { COMMANDS } from '../src/commands.ts';
import { entriesOf, optionsOf } from '../src/declare/program.ts';
import { rawreel } from './fakes.ts';

const { PATH: searchPath } = process.env;

const ENTRIES = entriesOf({ commands: COMMANDS, topics: TOPICS });

let folder = '';
let script = '';

/** Stands in for rawreel on the PATH: notes how it was asked, and knows ids that are hard to complete. */
const STAND_IN = `#!/bin/bash
printf '%s|' "$@" > "$ASKED"
case "$*" in
  *'--completion-type users') printf '%s\\n' alice 'ali bob' "o'neil" 'say "hi" $x' 'a:b=c' 'back\\slash' zoé 'tick\`' ;;
  *'--completion-type tracks') printf '%s\\n' t-1 t-2 ;;
esac
exit 3
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  script = join(folder, 'rawreel.bash');
  writeFileSync(script, (await rawreel(['completion', 'bash'])).stdout);
  writeFileSync(join(folder, 'rawreel'), STAND_IN);
  chmodSync(join(folder, 'rawreel'), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a real bash offers with the cursor at the end of the line, and how rawreel was asked for ids. */
function complete(line: string): { readonly offers: readonly string[]; readonly asked: string } {
  const asked = join(folder, 'asked');
  writeFileSync(asked, '');
  const driver = `
    source "$SCRIPT"
    COMP_LINE=$LINE COMP_POINT=\${#LINE} COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
    _rawreel
    printf '%s\\0' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', driver], {
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${searchPath}`,
      HOME: '/home/me',
      LC_ALL: 'C.UTF-8',
      SCRIPT: script,
      LINE: line,
      ASKED: asked,
    },
  });
  const offers = out.split('\0').slice(0, -1).filter(Boolean);
  return { offers, asked: execFileSync('cat', [asked], { encoding: 'utf8' }) };
}

describe('completion in bash', () => {
  it('is a script that bash takes without a word', () => {
    expect(execFileSync('bash', ['-n', script], { encoding: 'utf8' })).toBe('');
  });

  it.each([
    ['rawreel ', [...ENTRIES.map(({ name }) => name), '--help', '--version']],
    ['rawreel li', ['list-tracks']],
    ['rawreel list-tracks --fo', ['--format']],
    ['rawreel list-tracks --format ', ['table', 'json', 'users', 'sessions', 'tracks', 'completion']],
    ['rawreel list-tracks --format=j', ['json']],
    ['rawreel mix-audio --format m', ['mp3', 'm4a', 'mkv']],
    ['rawreel list-tracks --completion-type s', ['sessions']],
    ['rawreel extract-audio --no', ['--no-fill-gaps', '--no-fix-dtx', '--no-progress', '--no-cache']],
    ['rawreel extract-video --fix', []],
    ['rawreel --input-file a.zip extract-v', ['extract-video']],
    ['rawreel extract-audio --user-id list-tracks --al', ['--align']],
    ['rawreel completion ', ['bash', 'zsh', 'fish', '--verbose', '--help']],
    ['rawreel cache ', ['list', 'clear', '--help']],
    ['rawreel --verbose cache --json cl', ['clear']],
    ['rawreel cache list --cache-d', ['--cache-dir']],
    ['rawreel cache list ', ['--cache-dir', '--json', '--verbose', '--help']],
    ['rawreel cache nonsense --', []],
    ['rawreel extract-audio --max-entries ', []],
    ['rawreel mix-audio -i a.zip --format m', ['mp3', 'm4a', 'mkv']],
    ['rawreel extract-audio -qv -o out --al', ['--align']],
    ['rawreel nonsense --', []],
  ])('%s', (line, offers) => expect(complete(line).offers).toEqual(offers));

  it('offers every shown flag of every command', () => {
    for (const command of COMMANDS) {
      const { offers } = complete(`rawreel ${command.name} --`);
      for (const option of optionsOf(command))
        expect(offers.includes(`--${option.name}`)).toBe(!option.hidden);
    }
  });

  const USERS = 'rawreel extract-audio --input-file call.zip --user-id ';
  it.each([
    ['al', ['alice', 'ali\\ bob']],
    ['ali\\ b', ['ali\\ bob']],
    ["'ali b", ['ali bob']],
    ['o', ["o\\'neil"]],
    ["'o", ["o'\\''neil"]],
    ['"o', ["o'neil"]],
    ['s', ['say\\ \\"hi\\"\\ \\$x']],
    ['"s', ['say \\"hi\\" \\$x']],
    ["'s", ['say "hi" $x']],
    ['back', ['back\\\\slash']],
    ['"tick', ['tick\\`']],
    ['z', ['zoé']],
    ['a:', ['b=c']],
    ['a:b=', ['c']],
    ['nobody', []],
  ])('an id begun as %s is offered as %j, quoted for where the cursor stands', (typed, offers) => {
    expect(complete(USERS + typed).offers).toEqual(offers);
  });

  it('an id after an equals sign, too', () => {
    expect(complete(`${USERS.trimEnd()}=al`).offers).toEqual(['alice', 'ali\\ bob']);
    expect(complete(`${USERS.trimEnd()}=a:b`).offers).toEqual(['b=c']);
  });

  it.each([
    ["--input-file 'my call.zip' --track-id t", 'list-tracks|--input-file|my call.zip|--track-type|audio|'],
    ['--input-file my\\ call.zip --track-id t', 'list-tracks|--input-file|my call.zip|--track-type|audio|'],
    ['--input-file="it\'s.zip" --track-id=t', "list-tracks|--input-file=it's.zip|--track-type|audio|"],
    ['-i call.zip --track-id t', 'list-tracks|-i|call.zip|--track-type|audio|'],
    ['--input-dir ~/calls/a --track-id t', 'list-tracks|--input-dir|/home/me/calls/a|--track-type|audio|'],
  ])('asks for the ids of the recording on the line: %s', (options, question) => {
    const { offers, asked } = complete(`rawreel extract-audio ${options}`);
    expect(offers).toEqual(['t-1', 't-2']);
    expect(asked).toBe(`${question}--format|completion|--completion-type|tracks|`);
  });

  it.each([
    ['extract-audio', 'audio'],
    ['extract-video', 'video'],
    ['mix-audio', 'audio'],
    ['transcription-kit', 'audio'],
  ])('%s is asked for ids of %s only', (command, kind) => {
    const { asked } = complete(`rawreel ${command} --input-file a.zip --track-id t`);
    expect(asked).toContain(`|--track-type|${kind}|`);
  });

  it('asks nothing where no recording selected yet', () => {
    expect(complete('rawreel extract-audio --user-id a')).toEqual({ offers: [], asked: '' });
  });
});

describe('completion in other shells', () => {
  it.each(['zsh', 'fish'])('%s: knows every command, shown flag and choice', async (shell) => {
    const { stdout, exitCode } = await rawreel(['completion', shell]);
    expect(exitCode).toBe(0);
    for (const command of COMMANDS) {
      for (const word of command.name.split(' ')) expect(stdout).toContain(word);
      for (const option of optionsOf(command).filter(({ hidden }) => !hidden)) {
        expect(stdout).toContain(shell === 'zsh' ? `--${option.name}` : `-l ${option.name}`);
        for (const choice of (option.kind !== 'flag' && option.choices) || [])
          expect(stdout).toContain(choice);
      }
    }
  });

  it.each([
    ['zsh', 'extract-audio|mix-audio|transcription-kit) kind=(--track-type audio)'],
    ['fish', 'case extract-audio mix-audio transcription-kit\n                set kind --track-type audio'],
  ])('%s: asks for ids of sound only where only sound is made', async (shell, line) => {
    expect((await rawreel(['completion', shell])).stdout).toContain(line);
  });

  it('fish: offers second words after the first, and the options of a command after both', async () => {
    const { stdout } = await rawreel(['completion', 'fish']);
    const after = (word: string) => `complete -c rawreel -n '__fish_seen_subcommand_from cache; and ${word}`;
    expect(stdout).toContain(`${after('not __fish_seen_subcommand_from list clear')}' -a list`);
    expect(stdout).toContain(`${after('__fish_seen_subcommand_from list')}' -l json`);
  });

  it('zsh: the function for ids gets the kind of id as its first argument', async () => {
    const { stdout } = await rawreel(['completion', 'zsh']);
    expect(stdout).toContain(':id: _rawreel_ids users');
  });
});
