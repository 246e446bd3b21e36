import type { Run } from '../../declare/command.ts';
import { UsageError } from '../../failure/errors.ts';
import { destinationOf } from '../../options/hook-destination.ts';
import { writeHooks } from '../../webhook/write-hooks.ts';
import type { webhookRegister } from './register.ts';

export const run: Run<typeof webhookRegister> = async (options, context) => {
  const { event: eventTypes, region } = options;
  const destination = destinationOf(options, region);
  if (destination.type === 'sqs' && destination.region === '')
    throw new UsageError('the queue URL contains no region', ['Add --region.']);
  return await writeHooks(destination, options, context, ({ eventHooks }, where, how) =>
    eventHooks.register(where, { ...how, eventTypes }),
  );
};
