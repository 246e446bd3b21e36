import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ServiceAccess } from '../options/service.ts';
import { connectToService } from './connect-to-service.ts';

/** Asks for the change, and prints what state the recording is in then. */
export async function changeJob(
  change: 'retry' | 'cancel',
  options: ServiceAccess & { readonly id: string; readonly json: boolean },
  context: Context,
): Promise<number> {
  const api = await connectToService(options, context);
  const job = await api[change](options.id);
  const { id, call, state } = job;
  context.stdout.write(
    options.json ? jsonText(job) : `${printable(call)} is ${printable(state)}\n  ${printable(id)}\n`,
  );
  return EXIT.whole;
}
