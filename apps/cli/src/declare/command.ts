import type { Context } from '../context.ts';
import type { CommandSpec } from './command-spec.ts';
import type { OptionsOf, OptionTable } from './option.ts';
import type { Program } from './program.ts';
import { type GivenWords, readOptions } from './read-options.ts';

/** What carries a command out: it is given the values of the declared options, and returns the exit code. */
export type Run<Spec extends CommandSpec> = (
  options: OptionsOf<Spec['options']>,
  context: Context,
  program: Program,
) => number | Promise<number>;

/** A command that can be carried out with what was typed. */
export interface Command extends CommandSpec {
  /** @throws UsageError for values that the declaration does not allow, before any code of the command is loaded */
  run(words: GivenWords, context: Context, program: Program): Promise<number>;
}

/**
 * Joins a declaration and its code, which is loaded when it is the one to run: ids are listed at every press of Tab. The
 * compiler holds the code to the declared options.
 */
export function runs<Table extends OptionTable>(
  spec: CommandSpec<Table>,
  load: () => Promise<{ readonly run: Run<CommandSpec<Table>> }>,
): Command {
  return {
    ...spec,
    async run(words, context, program) {
      const options = readOptions(spec.options, words);
      const { run } = await load();
      return await run(options, context, program);
    },
  };
}
