import type { HookChange, HookPlan, StoredHook } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { connect } from '../../control/connect.ts';
import type { ControlSettings } from '../../declare/control-settings.ts';
import type { RegisterSettings, WriteHookSettings } from '../../declare/webhook-settings.ts';
import type { ControlDoor } from '../../doors.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError, UsageError } from '../../failure/errors.ts';
import type { Surroundings } from '../../surroundings.ts';
import { ask, canAsk } from '../../terminal/ask.ts';
import { count } from '../../terminal/units.ts';

export async function showHooks(settings: ControlSettings, around: Surroundings): Promise<number> {
  const { control, door } = await connect(settings, around);
  const { hooks, hasList, webhookUrl } = await control.eventHooks.read({ signal: around.signal });
  const { stdout } = around;
  if (settings.json) {
    stdout.write(jsonText(door.withoutHookSecrets({ hooks, hasList, webhookUrl })));
    return EXIT.whole;
  }
  const lines = hooks.map((hook) => shownHook(hook, door));
  if (!hasList && webhookUrl !== undefined)
    lines.push(
      `webhook  ${printable(String(door.withoutHookSecrets(webhookUrl)))}  in Stream's old way, as the only one`,
    );
  stdout.write(`${lines.join('\n') || 'Stream sends the events of this app nowhere'}\n`);
  return EXIT.whole;
}

export async function registerHook(settings: RegisterSettings, around: Surroundings): Promise<number> {
  const { eventTypes } = settings;
  return await writeHooks(settings, around, ({ eventHooks }, destination, options) =>
    eventHooks.register(destination, { ...options, eventTypes }),
  );
}

export async function unregisterHook(settings: WriteHookSettings, around: Surroundings): Promise<number> {
  return await writeHooks(settings, around, ({ eventHooks }, destination, options) =>
    eventHooks.unregister(destination, options),
  );
}

type Connection = Awaited<ReturnType<typeof connect>>;
type Write = (
  control: Connection['control'],
  destination: WriteHookSettings['destination'],
  options: { readonly agree: (plan: HookPlan) => Promise<boolean>; readonly signal: AbortSignal },
) => Promise<HookChange>;

async function writeHooks(settings: WriteHookSettings, around: Surroundings, write: Write): Promise<number> {
  const { destination, isConfirmed, dryRun, json } = settings;
  if (!isConfirmed && !dryRun && !canAsk(around))
    throw new UsageError('there is nobody to ask whether to write', [
      'To write without asking: --yes   To see the change: --dry-run',
    ]);
  const { control, door } = await connect(settings, around);
  const agree = async (plan: HookPlan): Promise<boolean> => {
    if (dryRun) return false;
    if (isConfirmed) return true;
    around.stderr.write(`${diffOf(plan, door).join('\n')}\n`);
    const answer = await ask(`Write ${count(plan.after.length, 'hook')}? [y/N] `, around);
    if (/^y(es)?$/i.test(answer.trim())) return true;
    throw new CliError('nothing was written', { code: 'ERR_NOT_CONFIRMED' });
  };
  const change = await write(control, destination, { agree, signal: around.signal });
  if (json) around.stdout.write(jsonText(door.withoutHookSecrets(change)));
  else
    around.stdout.write(
      `${[headline(change, door.addressOf(destination)), ...diffOf(change, door)].join('\n')}\n`,
    );
  return EXIT.whole;
}

const DONE = { added: 'Registered', changed: 'Changed', removed: 'Unregistered' } as const;
const PLANNED = { added: 'Would register', changed: 'Would change', removed: 'Would unregister' } as const;

function headline({ state, outcome }: HookChange, address: string): string {
  const where = printable(address);
  if (state === 'unchanged') return `As it was: ${where}`;
  return `${(outcome === 'written' ? DONE : PLANNED)[state]} ${where}`;
}

/** All hooks, with what goes and what comes. */
function diffOf({ before, after }: HookPlan, door: ControlDoor): string[] {
  const [was, is] = [before, after].map((hooks) => hooks.map((hook) => shownHook(hook, door)));
  const kept = (is ?? []).filter((line) => was?.includes(line));
  return [
    ...kept.map((line) => `  ${line}`),
    ...(was ?? []).filter((line) => !kept.includes(line)).map((line) => `- ${line}`),
    ...(is ?? []).filter((line) => !kept.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** On one line: the kind, the address, the types. */
function shownHook(hook: StoredHook, door: ControlDoor): string {
  const shown = door.withoutHookSecrets(hook) as StoredHook;
  const { hook_type: type, enabled, webhook_url: url, sqs_queue_url: queue, sns_topic_arn: topic } = shown;
  const address = { webhook: url, sqs: queue, sns: topic }[String(type)] ?? '-';
  const types = door.eventTypesOf(hook).join(', ') || 'all events';
  const isOff = enabled === false ? '  (switched off)' : '';
  return printable(`${String(type)}  ${String(address)}  ${types}${isOff}`);
}
