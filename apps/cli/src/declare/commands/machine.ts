import type { CommandSpec, TopicSpec } from '../spec.ts';
import { CACHE_DIR, JSON_OUTPUT, VERBOSE } from './shared-options.ts';

export const CACHE_TOPIC: TopicSpec = {
  name: 'cache',
  group: 'This machine',
  summary: 'List or clear what is kept of recordings that were read from addresses.',
};

export const MACHINE: readonly CommandSpec[] = [
  {
    name: 'doctor',
    group: 'This machine',
    summary: 'Say what this machine has and what it lacks for rawreel.',
    examples: [
      { says: 'A short report', line: 'rawreel doctor' },
      { says: 'The same for a program', line: 'rawreel doctor --json' },
      { says: 'What each encoder of ffmpeg is for', line: 'rawreel doctor --verbose' },
    ],
    notes: [
      'Exit codes: 0 rawreel runs here, though single commands may be named that fail; 1 it does not run, or the folder of --output takes no files; 2 usage.',
    ],
    options: [
      {
        name: 'output',
        group: 'Output',
        help: 'the folder to look for room in (default: the current one)',
        value: { placeholder: 'folder', completes: 'folder' },
      },
      JSON_OUTPUT,
      VERBOSE,
    ],
  },
  {
    name: 'cache list',
    group: 'This machine',
    summary: 'List what is kept of recordings that were read from addresses.',
    examples: [
      { says: 'A table', line: 'rawreel cache list' },
      { says: 'For a program', line: 'rawreel cache list --json' },
    ],
    options: [CACHE_DIR, JSON_OUTPUT, VERBOSE],
  },
  {
    name: 'cache clear',
    group: 'This machine',
    summary:
      'Remove what is kept of recordings that were read from addresses, but what a running command uses.',
    examples: [{ says: 'All of it', line: 'rawreel cache clear' }],
    options: [CACHE_DIR, JSON_OUTPUT, VERBOSE],
  },
  {
    name: 'completion',
    group: 'This machine',
    summary: 'Print a script that lets a shell complete commands, options and the ids in a recording.',
    argument: { name: 'shell', choices: ['bash', 'zsh', 'fish'] },
    examples: [
      {
        says: 'bash, from the next shell on',
        line: 'rawreel completion bash >> ~/.bashrc',
      },
      {
        says: 'zsh, into a folder of $fpath',
        line: 'rawreel completion zsh > ~/.zfunc/_rawreel',
      },
      {
        says: 'fish',
        line: 'rawreel completion fish > ~/.config/fish/completions/rawreel.fish',
      },
    ],
    options: [VERBOSE],
  },
];
