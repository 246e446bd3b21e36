import { command } from '../declare/command-spec.ts';
import { text } from '../declare/kinds.ts';
import { JSON_OUTPUT, VERBOSE } from '../options/printing.ts';

export const doctor = command({
  name: 'doctor',
  group: 'This machine',
  summary: 'Check what this machine has and lacks for rawreel.',
  examples: [
    { says: 'A short report', line: 'rawreel doctor' },
    { says: 'The same for a program', line: 'rawreel doctor --json' },
    { says: 'With the use of each ffmpeg encoder', line: 'rawreel doctor --verbose' },
  ],
  notes: [
    'Exit codes: 0 rawreel runs on this machine, though the report may name commands that fail; 1 it does not run, or the --output folder is not writable; 2 usage error.',
  ],
  options: {
    output: text({
      group: 'Output',
      help: 'folder to check for free space (default: the current one)',
      placeholder: 'folder',
      completes: 'folder',
    }),
    json: JSON_OUTPUT,
    verbose: VERBOSE,
  },
});
