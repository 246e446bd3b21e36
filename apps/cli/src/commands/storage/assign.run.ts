import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import type { storageAssign } from './assign.ts';

export const run: Run<typeof storageAssign> = async (options, context) => {
  const { control } = await connect(options, context);
  const { name, callType } = options;
  const { stdout, signal } = context;
  const assigned = await control.externalStorage.assign(callType, name, { signal });
  if (options.json) stdout.write(jsonText(assigned));
  else {
    const of = `Recordings of call type ${printable(callType)}`;
    const before = assigned.before === undefined ? "Stream's own storage" : printable(assigned.before);
    const words =
      assigned.state === 'assigned'
        ? `${of} now go to ${printable(name)} (before: ${before})`
        : `${of} already go to ${printable(name)}`;
    stdout.write(`${words}\n`);
  }
  return EXIT.whole;
};
