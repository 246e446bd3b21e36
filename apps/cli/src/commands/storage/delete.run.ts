import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import type { storageDelete } from './delete.ts';

export const run: Run<typeof storageDelete> = async (options, context) => {
  const { control } = await connect(options, context);
  const { stdout, signal } = context;
  const deleted = await control.externalStorage.delete(options.name, { signal });
  if (options.json) stdout.write(jsonText(deleted));
  else {
    const words = deleted.state === 'deleted' ? 'removed from Stream' : 'was not known to Stream';
    stdout.write(`Storage ${printable(options.name)} ${words}\n`);
  }
  return EXIT.whole;
};
