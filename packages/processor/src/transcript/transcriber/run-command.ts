import { type ChildProcess, spawn } from 'node:child_process';
import { printable } from '@rawreel/text';
import { ProcessorError } from '../../processor-error.ts';

/** Of what it complains of, the end is told. */
const TOLD_CHARACTERS = 2000;

/** Time to clean up, then it is ended. */
const GRACE_MS = 1000;

export interface CommandOptions {
  readonly folder: string;
  /** Of what it prints, most that is taken. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program with its words as they are, without a shell; an abort ends it and all that it has started.
 *
 * @returns what it printed
 * @throws {ProcessorError} ERR_TRANSCRIBER_FAILED; the signal's reason
 */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  { folder, mostBytes, signal }: CommandOptions,
): Promise<string> {
  signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which can be ended whole.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let complaints = '';
  const printed: Buffer[] = [];
  let bytes = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-TOLD_CHARACTERS);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= mostBytes) printed.push(chunk);
    else end(child, 'SIGKILL');
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    end(child, 'SIGTERM');
    timer = setTimeout(() => end(child, 'SIGKILL'), GRACE_MS);
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const ending = await endOf(child);
    signal?.throwIfAborted();
    if (bytes > mostBytes) throw failed(program, `it printed more than ${mostBytes} bytes`, complaints);
    if (ending !== undefined) throw failed(program, ending, complaints);
    return Buffer.concat(printed).toString('utf8');
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
    // What it left running would outlive this run.
    end(child, 'SIGKILL');
  }
}

/** How it failed; undefined where it did not. */
const endOf = (child: ChildProcess): Promise<string | undefined> =>
  new Promise((resolve) => {
    child.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(code === 'ENOENT' ? 'there is no such program' : message),
    );
    child.on('close', (code, signalName) => {
      if (code === 0) resolve(undefined);
      else resolve(code === null ? `it was ended by ${signalName}` : `exit code ${code}`);
    });
  });

function end(child: ChildProcess, signalName: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signalName);
    else process.kill(-child.pid, signalName);
  } catch {
    // It has gone.
  }
}

function failed(program: string, ending: string, complaints: string): ProcessorError {
  const said = complaints
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .slice(-8)
    .map((line) => printable(line.trim()));
  return new ProcessorError(
    'ERR_TRANSCRIBER_FAILED',
    [`${printable(program)} failed: ${printable(ending)}`, ...said].join(' | '),
    {
      hint: 'Run that command by hand with one voice of the kit: it is started without a shell, word by word.',
    },
  );
}
