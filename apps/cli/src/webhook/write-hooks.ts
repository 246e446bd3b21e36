import type { HookChange, HookDestination, HookPlan, RecordingControl } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { OptionsOf } from '../declare/option.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import type { RecordingControlPackage } from '../lazy-packages.ts';
import type { STREAM } from '../options/stream-access.ts';
import { connect } from '../stream/connect-to-stream.ts';
import { count } from '../terminal/format-values.ts';
import { canPrompt, prompt } from '../terminal/prompt.ts';
import { hookLine } from './hook-line.ts';

type Write = (
  control: RecordingControl,
  destination: HookDestination,
  options: { readonly agree: (plan: HookPlan) => Promise<boolean>; readonly signal: AbortSignal },
) => Promise<HookChange>;

type WriteOptions = OptionsOf<typeof STREAM> & { readonly yes: boolean; readonly dryRun: boolean };

/** Asks, writes, and prints the change. */
export async function writeHooks(
  destination: HookDestination,
  options: WriteOptions,
  context: Context,
  write: Write,
): Promise<number> {
  const { yes: isConfirmed, dryRun, json } = options;
  if (!isConfirmed && !dryRun && !canPrompt(context))
    throw new UsageError('cannot ask for confirmation: this is not a terminal', [
      'Write without confirmation: --yes   Only show the change: --dry-run',
    ]);
  const { control, library } = await connect(options, context);
  const agree = async (plan: HookPlan): Promise<boolean> => {
    if (dryRun) return false;
    if (isConfirmed) return true;
    context.stderr.write(`${diffOf(plan, library).join('\n')}\n`);
    const answer = await prompt(`Write ${count(plan.after.length, 'hook')}? [y/N] `, context);
    if (/^y(es)?$/i.test(answer.trim())) return true;
    throw new CliError('nothing was written', { code: 'ERR_NOT_CONFIRMED' });
  };
  const change = await write(control, destination, { agree, signal: context.signal });
  if (json) context.stdout.write(jsonText(library.withoutHookSecrets(change)));
  else
    context.stdout.write(
      `${[headline(change, library.addressOf(destination)), ...diffOf(change, library)].join('\n')}\n`,
    );
  return EXIT.whole;
}

const DONE = { added: 'Registered', changed: 'Changed', removed: 'Unregistered' } as const;
const PLANNED = { added: 'Would register', changed: 'Would change', removed: 'Would unregister' } as const;

function headline({ state, outcome }: HookChange, address: string): string {
  const where = printable(address);
  if (state === 'unchanged') return `Unchanged: ${where}`;
  return `${(outcome === 'written' ? DONE : PLANNED)[state]} ${where}`;
}

/** All hooks, with what goes and what comes. */
function diffOf({ before, after }: HookPlan, library: RecordingControlPackage): string[] {
  const [was, is] = [before, after].map((hooks) => hooks.map((hook) => hookLine(hook, library)));
  const kept = (is ?? []).filter((line) => was?.includes(line));
  return [
    ...kept.map((line) => `  ${line}`),
    ...(was ?? []).filter((line) => !kept.includes(line)).map((line) => `- ${line}`),
    ...(is ?? []).filter((line) => !kept.includes(line)).map((line) => `+ ${line}`),
  ];
}
