import { command } from '../declare/command-spec.ts';
import { text } from '../declare/kinds.ts';
import { JSON_OUTPUT, VERBOSE } from '../options/printing.ts';

export const doctor = command({
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
  options: {
    output: text({
      group: 'Output',
      help: 'the folder to look for room in (default: the current one)',
      placeholder: 'folder',
      completes: 'folder',
    }),
    json: JSON_OUTPUT,
    verbose: VERBOSE,
  },
});
