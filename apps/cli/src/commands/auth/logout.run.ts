import { jsonText } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { removeStored } from '../../stream/stored-credentials.ts';
import type { authLogout } from './logout.ts';

export const run: Run<typeof authLogout> = async ({ json }, { machine, stdout }) => {
  const removed = await removeStored(machine);
  if (json) stdout.write(jsonText({ removed }));
  else stdout.write(removed ? 'Removed the stored login\n' : 'No login was stored\n');
  return EXIT.whole;
};
