import { availableParallelism } from 'node:os';
import { formatBytes } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { EXIT, exitCodeOf, worst } from '../exit-codes.ts';
import { explain, explainInterruption, writeError } from '../failure/explain-error.ts';
import type { Input } from '../options/input.ts';
import { coloursFor } from '../terminal/colour.ts';
import { count } from '../terminal/format-values.ts';
import { StatusLine } from '../terminal/status-line.ts';
import { filesOf, type MadeOfMany, printMany, shownInput, stateOf } from './made-of-many.ts';
import { makeFiles } from './make-files.ts';
import type { SettingsOfAll } from './media-settings.ts';
import { outputFolders } from './output-folders.ts';

/**
 * Makes files of several recordings, each in a folder of its own. A failure does not stop the others; an interruption ends
 * all, and loses none of what was done.
 */
export async function makeMany(
  settings: SettingsOfAll,
  inputs: readonly Input[],
  output: string,
  context: Context,
  program: Program,
): Promise<number> {
  const startedAt = performance.now();
  const { signal } = context;
  const folders = outputFolders(inputs, output);
  const jobs = Math.min(settings.jobs, inputs.length);
  const teller = new Teller(settings, inputs.length, jobs, context);
  const all: MadeOfMany[] = [];
  const queue = inputs.entries();
  const worker = async () => {
    for (const [index, input] of queue) {
      teller.begin(index, input);
      const made = await makeOneOfMany(
        { input, output: folders[index] ?? output },
        jobs,
        settings,
        context,
        program,
      );
      all[index] = made;
      teller.end(made);
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, worker));
  } finally {
    teller.stop();
  }
  const exitCode = signal.aborted ? undefined : worst(all.map((made) => made.exitCode));
  const elapsedMs = performance.now() - startedAt;
  printMany(all, { output, elapsedMs, exitCode }, settings, context);
  if (exitCode !== undefined) return exitCode;
  const { stderr, env } = context;
  const explained = explainInterruption(signal, undefined);
  if (!settings.json) writeError(explained, stderr, coloursFor(stderr, env));
  return explained.exitCode;
}

/** Never rejects. */
async function makeOneOfMany(
  one: Pick<MadeOfMany, 'input' | 'output'>,
  jobs: number,
  settings: SettingsOfAll,
  context: Context,
  program: Program,
): Promise<MadeOfMany> {
  const { signal } = context;
  const own = {
    ...settings,
    input: one.input,
    workers:
      settings.workers ?? (jobs === 1 ? undefined : Math.max(1, Math.floor(availableParallelism() / jobs))),
    isOneOfMany: jobs > 1,
  };
  if (signal.aborted) return { ...one, exitCode: EXIT.failed, isInterrupted: true };
  try {
    const delivered = await makeFiles(own, one.output, context, program);
    return { ...one, delivered, exitCode: exitCodeOf(delivered.report, settings.acceptDamage) };
  } catch (error) {
    if (signal.aborted) return { ...one, exitCode: EXIT.failed, isInterrupted: true };
    return { ...one, error: explain(error), exitCode: EXIT.failed };
  }
}

/** Tells how far the work on all is: where they are made one after another, each shows its own progress below its name. */
class Teller {
  readonly #context: Context;
  readonly #line: StatusLine;
  readonly #total: number;
  readonly #jobs: number;
  readonly #isOn: boolean;
  #done = 0;

  constructor({ quiet, progress, json }: SettingsOfAll, total: number, jobs: number, context: Context) {
    this.#context = context;
    this.#line = new StatusLine(context);
    this.#total = total;
    this.#jobs = jobs;
    this.#isOn = !quiet && progress && (!json || context.stderr.isTTY === true);
    if (jobs > 1) context.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  begin(index: number, input: Input): void {
    if (!this.#isOn) return;
    if (this.#jobs > 1) this.#show();
    else this.#context.stderr.write(`${index + 1} of ${this.#total}: ${shownInput(input)}\n`);
  }

  end(made: MadeOfMany): void {
    this.#done += 1;
    if (!this.#isOn || this.#jobs === 1) return;
    const { files, bytes } = filesOf(made);
    this.#line.clear();
    this.#context.stderr.write(
      `${shownInput(made.input)}: ${stateOf(made)}, ${count(files, 'file')}, ${formatBytes(bytes)}\n`,
    );
    this.#show();
  }

  stop(): void {
    this.#line.clear();
    this.#context.signal.removeEventListener('abort', this.#onAbort);
  }

  #show(): void {
    this.#line.show(() => `${this.#done} of ${count(this.#total, 'recording')}, ${this.#jobs} at a time`);
  }

  readonly #onAbort = (): void => {
    this.#line.clear();
    if (this.#context.stderr.isTTY)
      this.#context.stderr.write('Stopping and cleaning up. Press Ctrl-C again to quit at once.\n');
  };
}
