import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import type { storageUnassign } from './unassign.ts';

export const run: Run<typeof storageUnassign> = async (options, context) => {
  const { control } = await connect(options, context);
  const { callType } = options;
  const { stdout, signal } = context;
  const { state, before } = await control.externalStorage.unassign(callType, { signal });
  if (options.json) stdout.write(jsonText({ state, before }));
  else {
    const of = `Recordings of call type ${printable(callType)}`;
    stdout.write(
      state === 'unassigned'
        ? `${of} now go to Stream's own storage (before: ${printable(before ?? '')})\n`
        : `${of} already go to Stream's own storage\n`,
    );
  }
  return EXIT.whole;
};
