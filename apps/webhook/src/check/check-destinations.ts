import { probeDestination } from '@rawreel/delivery';
import { outputsOf } from '../service/output-settings.ts';
import { type Check, type CheckContext, failed } from './check.ts';

/** Whether each place takes a file, and gives it back. */
export async function checkDestinations({ config, signal }: CheckContext): Promise<readonly Check[]> {
  return await Promise.all(
    outputsOf(config).map(async (output): Promise<Check> => {
      const name = `output ${output}`;
      try {
        const { left } = await probeDestination(output, { signal });
        if (left === undefined)
          return { name, state: 'ok', found: 'a file was written to it, read and removed' };
        return {
          name,
          state: 'warn',
          found: `a file was written to it and read; it could not be removed: ${left.error.message}`,
          advice: `The service removes nothing there. Remove ${left.address} yourself.`,
        };
      } catch (error) {
        const isSystem = (error as { syscall?: unknown }).syscall !== undefined;
        return failed(
          name,
          error,
          isSystem ? 'Choose another folder, or give it to the user that this runs as.' : undefined,
        );
      }
    }),
  );
}
