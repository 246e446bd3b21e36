import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import type { Input } from '../options/input.ts';

/** What came through stdin, as a file: an archive is read from its end. Gone when disposed of. */
export interface Spooled extends AsyncDisposable {
  readonly path: string;
}

/**
 * An input that can be read anywhere: what came through stdin, where that is the input, until it is disposed of.
 *
 * @throws as spoolStdin
 */
export async function heldInput(
  input: Input,
  context: Pick<Context, 'stdin' | 'signal'>,
): Promise<HeldInput> {
  if (input.path !== '-') return { ...input, [Symbol.asyncDispose]: () => Promise.resolve() };
  return { ...input, shown: 'stdin', ...(await spoolStdin(context)) };
}

export type HeldInput = Input & AsyncDisposable;

/** @throws UsageError where somebody would have to type it; CliError where it cannot be kept */
export async function spoolStdin({ stdin, signal }: Pick<Context, 'stdin' | 'signal'>): Promise<Spooled> {
  if (stdin.isTTY) throw new UsageError('- reads a recording from stdin, and that is a terminal');
  const place = tmpdir();
  const folder = await mkdtemp(join(place, 'rawreel-stdin-'));
  const remove = async () => await rm(folder, { recursive: true, force: true });
  const path = join(folder, 'stdin');
  try {
    await pipeline(stdin, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (cause) {
    await remove();
    signal.throwIfAborted();
    const { code = 'ERR_STDIN', message } = cause as NodeJS.ErrnoException;
    throw new CliError(`stdin cannot be kept in ${place}: ${message}`, {
      code,
      hints: ['Name a folder with more room in TMPDIR, or save the recording to a file.'],
      cause,
    });
  }
  return { path, [Symbol.asyncDispose]: remove };
}
