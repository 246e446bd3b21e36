import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Context } from '../context.ts';
import { CliError } from '../failure/errors.ts';

type Terminal = Pick<Context, 'stdin' | 'stderr' | 'signal'>;

/** Whether there is somebody to ask, who sees the question. */
export const canPrompt = ({ stdin, stderr }: Terminal): boolean =>
  stdin.isTTY === true && stderr.isTTY === true;

/**
 * Asks on the terminal, beside what goes to stdout.
 *
 * @throws CliError ERR_INTERRUPTED, ERR_NOTHING_ENTERED
 */
export function prompt(
  question: string,
  { stdin, stderr, signal }: Terminal,
  as?: 'secret',
): Promise<string> {
  const output = as === 'secret' ? nowhere() : stderr;
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
    let failure = new CliError('nothing was entered', { code: 'ERR_NOTHING_ENTERED' });
    let answer: string | undefined;
    const close = () => lines.close();
    lines.once('line', (line) => {
      answer = line;
      close();
    });
    // While a line is edited the terminal sends Ctrl-C as a key.
    lines.once('SIGINT', () => {
      failure = new CliError('interrupted; nothing was done', { code: 'ERR_INTERRUPTED', exitCode: 130 });
      close();
    });
    lines.once('close', () => {
      signal.removeEventListener('abort', close);
      if (as === 'secret' || answer === undefined) stderr.write('\n');
      if (answer === undefined) reject(signal.aborted ? signal.reason : failure);
      else resolve(answer);
    });
    signal.addEventListener('abort', close);
    if (as === 'secret') stderr.write(question);
    lines.setPrompt(question);
    lines.prompt();
  });
}

/** What is typed is shown by writing it. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
