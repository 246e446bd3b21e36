import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import type { storageCheck } from './check.ts';

export const run: Run<typeof storageCheck> = async (options, context) => {
  const { control } = await connect(options, context);
  const { stdout, signal } = context;
  const fileUrl = await control.externalStorage.check(options.name, { signal });
  if (options.json) stdout.write(jsonText({ fileUrl }));
  else stdout.write(`Stream has written to ${printable(options.name)}: ${printable(fileUrl)}\n`);
  return EXIT.whole;
};
