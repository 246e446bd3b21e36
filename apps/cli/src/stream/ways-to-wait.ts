import { CliError } from '../failure/errors.ts';
import { explain } from '../failure/explain-error.ts';
import { shellQuote } from '../terminal/shell-quote.ts';

/** The command that waits for a recording, which it selects by its start or its end. */
export function waitLine(when: string, call: string, flag: '--since' | '--ended-since', at: Date): string {
  const time = at.toISOString().replace('.000Z', 'Z');
  return `  ${when}: rawreel recording wait ${shellQuote(call)} ${flag} ${time}\n`;
}

/** Adds the command that waits, where nobody is in the call yet. */
export async function withWayToWait<Result>(
  starting: Promise<Result>,
  { call, waitForSession }: { readonly call: string; readonly waitForSession: number | undefined },
): Promise<Result> {
  try {
    return await starting;
  } catch (error) {
    const { message, hints, ...facts } = explain(error);
    if (facts.code !== 'ERR_NO_SESSION' || waitForSession !== undefined) throw error;
    const wait = `To wait until somebody joins: rawreel recording start ${shellQuote(call)} --wait-for-session`;
    throw new CliError(message, { ...facts, hints: [...hints, wait], cause: error });
  }
}
