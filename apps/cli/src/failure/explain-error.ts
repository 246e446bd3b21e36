import { inspect } from 'node:util';
import { jsonText, printable } from '@rawreel/text';
import type { Interruption, Output } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { Colours } from '../terminal/colour.ts';
import { CliError } from './errors.ts';

/** An error as it is shown to a person or a program. */
export interface Explained {
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
  readonly exitCode: number;
}

/** What the system's own words leave open: which of our options to change. */
const SYSTEM_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path; relative ones start at the current folder.',
  EACCES: 'This user has no permission to read or write there.',
  EPERM: 'This user has no permission to read or write there.',
  EROFS: 'The file system is read-only: choose another --output.',
  ENOSPC: 'Free some space, or choose another --output: unfinished files are kept there, too.',
  EDQUOT: 'The disk quota is used up: free some space, or choose another --output.',
  EMFILE: 'Too many files are open at once: raise the limit (ulimit -n), or use fewer --workers.',
};

/** What is wrong with the words of the command line, as packages find it. */
const FOUND_IN_WORDS: ReadonlySet<string> = new Set(['ERR_INVALID_NAME', 'ERR_NAME_TEMPLATE']);

export function explain(error: unknown): Explained {
  if (error instanceof CliError) {
    const { code, message, hints, exitCode } = error;
    return { code, message, hints, exitCode };
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : SYSTEM_HINTS[error.code];
    return {
      code: error.code,
      // One line by contract, so that what breaks it is a name that is quoted.
      message: printable(error.message),
      hints: hint ? hint.split('\n') : [],
      // Found in what was typed, before anything was sent.
      exitCode: FOUND_IN_WORDS.has(error.code) ? EXIT.usage : EXIT.failed,
    };
  }
  return {
    code: 'ERR_UNEXPECTED',
    message: `unexpected error: ${error instanceof Error ? error.message : String(error)}`,
    hints: ['Run the command again with --verbose and report what it prints.'],
    exitCode: EXIT.failed,
  };
}

/** @param error what the work ended with */
export function explainInterruption(signal: AbortSignal, error: unknown): Explained {
  const { signalName, exitCode } = signal.reason as Interruption;
  const code = 'ERR_INTERRUPTED';
  // A request has left no file, but may have been carried out.
  if (error instanceof Error && error.name === 'RecordingControlError') {
    return { ...explain(error), code, message: `interrupted (${signalName})`, exitCode };
  }
  return {
    code,
    message: `interrupted (${signalName}); unfinished files were removed`,
    hints: [],
    exitCode,
  };
}

/** For output of a command that could not be written. */
export function explainUnwritten(error: NodeJS.ErrnoException): Explained {
  return {
    code: error.code ?? 'ERR_UNEXPECTED',
    message: `cannot write to standard output: ${error.message}`,
    hints: ['Send the output elsewhere. The command itself has done its work.'],
    exitCode: EXIT.failed,
  };
}

/** The one place where errors are printed; their words may quote anything. */
export function writeError(explained: Explained, output: Output, colours: Colours): void {
  const [first = '', ...more] = explained.message.split('\n');
  const lines = [...more, ...explained.hints].map((line) => `  ${printable(line.trim())}\n`);
  output.write(`${colours.red('rawreel:')} ${printable(first)}\n${lines.join('')}`);
}

/** The stack and every cause, for `--verbose` only. */
export function writeStack(error: unknown, output: Output, colours: Colours): void {
  const lines = inspect(error, { depth: 4, colors: false }).split('\n');
  output.write(`${colours.dim(lines.map(printable).join('\n'))}\n`);
}

/** As `--json` has it, alone or beside what went well. */
export function asError({ code, message, hints }: Explained): {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
} {
  const hint = hints.join('\n');
  return { code, message, ...(hint && { hint }) };
}

export function errorAsJson(explained: Explained): string {
  return jsonText({ error: asError(explained) });
}
