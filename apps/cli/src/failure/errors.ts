export interface CliErrorFacts {
  readonly code: string;
  /** Lines below the message: why, and what to do. */
  readonly hints?: readonly string[];
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** An error whose words are for the person at the command line. */
export class CliError extends Error {
  readonly code: string;
  readonly hints: readonly string[];
  readonly exitCode: number;

  constructor(message: string, facts: CliErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.hints = facts.hints ?? [];
    this.exitCode = facts.exitCode ?? 1;
  }
}

/** The command line itself is wrong; nothing was opened. */
export class UsageError extends CliError {
  constructor(message: string, hints: readonly string[] = []) {
    super(message, { code: 'ERR_USAGE', hints, exitCode: 2 });
  }
}
