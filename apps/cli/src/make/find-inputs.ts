import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { CliError } from '../failure/errors.ts';
import { unreadable } from '../failure/unreadable.ts';
import type { Input } from '../options/input.ts';
import type { GivenInputs } from '../options/inputs.ts';
import type { RemoteSettings } from '../options/remote.ts';
import { inputsBehind } from './inputs-behind.ts';
import { type HeldInput, heldInput } from './spool-stdin.ts';

/** The recordings that were named, one by one; what was kept of stdin goes with them. */
export interface FoundInputs extends AsyncDisposable {
  readonly inputs: readonly Input[];
  /** Each has a folder of its own: also one alone that was named in a way in which there could have been several. */
  readonly areMany: boolean;
  /** What a name turned out to be, where it was not that of a recording. */
  readonly said: readonly string[];
}

/** @throws CliError where a pattern, a folder, a prefix or a list names none; StorageError for what cannot be listed */
export async function findInputs(
  given: GivenInputs,
  remote: RemoteSettings,
  context: Context,
): Promise<FoundInputs> {
  const listed = given.from === undefined ? [] : await inputsIn(given.from, context);
  const named = [...given.each, ...listed];
  const inputs = new Map<string, Input>();
  const said: string[] = [];
  let areMany = named.length > 1 || given.from !== undefined;
  let held: HeldInput | undefined;
  try {
    for (const input of named) {
      if (input.path === '-') {
        held = await heldInput(input, context);
        inputs.set('-', held);
        continue;
      }
      const behind = await inputsBehind(input, remote, context);
      if (behind.says !== undefined) said.push(behind.says);
      areMany ||= behind.says !== undefined;
      for (const each of behind.inputs) inputs.set(each.path, each);
    }
  } catch (error) {
    await held?.[Symbol.asyncDispose]();
    throw error;
  }
  return {
    inputs: [...inputs.values()],
    areMany,
    said,
    [Symbol.asyncDispose]: async () => await held?.[Symbol.asyncDispose](),
  };
}

/** A recording in each line, but for blank ones and remarks. */
async function inputsIn(file: string, { stdin }: Context): Promise<Input[]> {
  const list = file === '-' ? await text(stdin) : await readFile(file, 'utf8').catch(failed(file));
  const lines = list.replace(/^\ufeff/, '').split(/\r?\n/);
  const paths = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (paths.length > 0) return paths.map((path) => ({ flag: '--input-file', path }));
  throw new CliError(`${file === '-' ? 'the list from stdin' : printable(file)} names no recording`, {
    code: 'ERR_NO_RECORDINGS',
    hints: ['Write a path or an address in each line.'],
  });
}

const failed = (file: string) => (cause: NodeJS.ErrnoException) => {
  throw new CliError(`--inputs-from ${unreadable(file, cause)}`, {
    code: cause.code ?? 'ERR_UNEXPECTED',
    hints: ['Check the path; relative ones start at the current folder.'],
    cause,
  });
};
