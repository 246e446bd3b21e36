import type { Run } from '../../declare/command.ts';
import { destinationOf } from '../../options/hook-destination.ts';
import { writeHooks } from '../../webhook/write-hooks.ts';
import type { webhookUnregister } from './unregister.ts';

export const run: Run<typeof webhookUnregister> = async (options, context) =>
  await writeHooks(destinationOf(options), options, context, ({ eventHooks }, where, how) =>
    eventHooks.unregister(where, how),
  );
