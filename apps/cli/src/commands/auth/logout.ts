import { command } from '../../declare/command-spec.ts';
import { JSON_OUTPUT, VERBOSE } from '../../options/printing.ts';

export const authLogout = command({
  name: 'auth logout',
  group: 'Record calls',
  summary: 'Remove what auth login has stored.',
  examples: [{ says: 'Remove it', line: 'rawreel auth logout' }],
  options: { json: JSON_OUTPUT, verbose: VERBOSE },
});
