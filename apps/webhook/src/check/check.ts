import type { Config } from '../config/config.ts';

/** The worst first. `warn`: it runs, but see `advice`. `fail`: it does not run, or not as configured. */
const CHECK_STATES = ['fail', 'warn', 'ok'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  /** What is there, or what is wrong with it; on one line. */
  readonly found: string;
  /** What to do; on one line. */
  readonly advice?: string | undefined;
}

export interface CheckContext {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** What an error says, which has a hint where what to do is known. */
export function failed(name: string, error: unknown, advice?: string): Check {
  const { message = String(error), hint } = error as { message?: string; hint?: string };
  return { name, state: 'fail', found: message, advice: advice ?? (hint || undefined) };
}
