import { command } from '../../declare/command-spec.ts';
import { JSON_OUTPUT, VERBOSE } from '../../options/printing.ts';

export const authLogout = command({
  name: 'auth logout',
  group: 'Record calls',
  summary: 'Remove the stored login.',
  examples: [{ says: 'Remove it', line: 'rawreel auth logout' }],
  options: { json: JSON_OUTPUT, verbose: VERBOSE },
});
