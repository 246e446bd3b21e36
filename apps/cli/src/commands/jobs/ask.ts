import { jsonText, printable } from '@rawreel/text';
import type { JobSettings } from '../../declare/jobs-settings.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToService } from '../../jobs/connect.ts';
import type { Surroundings } from '../../surroundings.ts';

export const retryJob = (settings: JobSettings, around: Surroundings): Promise<number> =>
  ask('retry', settings, around);

export const cancelJob = (settings: JobSettings, around: Surroundings): Promise<number> =>
  ask('cancel', settings, around);

async function ask(what: 'retry' | 'cancel', settings: JobSettings, around: Surroundings): Promise<number> {
  const api = await connectToService(settings, around);
  const job = await api[what](settings.id);
  const { id, call, state } = job;
  around.stdout.write(
    settings.json ? jsonText(job) : `${printable(call)} is ${printable(state)}\n  ${printable(id)}\n`,
  );
  return EXIT.whole;
}
