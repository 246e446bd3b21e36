import type { Colours } from '../terminal/colour.ts';
import { wrap } from '../terminal/wrap.ts';
import { commandsOf, ENTRIES } from './commands.ts';
import { type CommandSpec, OPTION_GROUPS, type OptionSpec, type TopicSpec } from './spec.ts';

const WIDEST = 100;
const INDENT = '  ';

export interface HelpLook {
  readonly width: number;
  readonly colours: Colours;
}

/** The page of `rawreel` itself: the commands by what a person wants. */
export function programHelp({ width, colours }: HelpLook): string {
  const blocks = [
    'rawreel records Stream Video calls raw, and turns raw recordings into playable media.',
    `${colours.bold('Usage:')} rawreel <command> [options]`,
  ];
  for (const group of new Set(ENTRIES.map((entry) => entry.group))) {
    const entries = ENTRIES.filter((entry) => entry.group === group);
    blocks.push([colours.bold(`${group}:`), ...summaries(entries, ENTRIES, width)].join('\n'));
  }
  blocks.push(
    [
      colours.bold('Start with:'),
      `${INDENT}rawreel list-tracks --input-file call.zip`,
      `${INDENT}rawreel extract-audio --input-file call.zip --output out`,
      `${INDENT}rawreel recording watch default:standup --output out`,
    ].join('\n'),
    'Examples and options of a command: rawreel <command> --help',
  );
  return `${blocks.join('\n\n')}\n`;
}

/** The page of a first word: the commands that begin with it. */
export function topicHelp(topic: TopicSpec, { width, colours }: HelpLook): string {
  const commands = commandsOf(topic.name);
  const blocks = [
    topic.summary,
    `${colours.bold('Usage:')} rawreel ${topic.name} <command> [options]`,
    [colours.bold('Commands:'), ...summaries(commands, commands, width)].join('\n'),
    `Examples and options of a command: rawreel ${topic.name} <command> --help`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

interface Summarized {
  readonly name: string;
  readonly summary: string;
}

/** @param aligned all that the column of names is made wide enough for */
function summaries(some: readonly Summarized[], aligned: readonly Summarized[], width: number): string[] {
  const terms = Math.max(...aligned.map(({ name }) => name.length));
  return some.map(({ name, summary }) => item(name, summary, terms, width));
}

export function commandHelp(command: CommandSpec, { width, colours }: HelpLook): string {
  const { argument: asked } = command;
  const argument = asked ? ` <${asked.choices?.join('|') ?? asked.name}>` : '';
  const examples = command.examples.flatMap(({ says, line }) => [
    `${INDENT}${colours.dim(`# ${says}`)}`,
    `${INDENT}${line}`,
  ]);
  const blocks = [
    command.summary,
    `${colours.bold('Usage:')} rawreel ${command.name}${argument} [options]`,
    [colours.bold('Examples:'), ...examples].join('\n'),
  ];
  const shown = command.options.filter(({ hidden }) => !hidden);
  const terms = Math.max(...shown.map((option) => optionTerm(option).length), '-h, --help'.length);
  for (const group of OPTION_GROUPS) {
    const items = shown
      .filter((option) => option.group === group)
      .map((option) => item(optionTerm(option), optionHelp(option), terms, width));
    if (items.length > 0) blocks.push([colours.bold(`${group}:`), ...items].join('\n'));
  }
  blocks.push(
    item('-h, --help', 'this page', terms, width),
    ...(command.notes ?? []).map((note) => wrap(note, Math.min(width, WIDEST)).join('\n')),
  );
  return `${blocks.join('\n\n')}\n`;
}

function optionTerm({ name, value }: OptionSpec): string {
  if (value?.implied) return `--${name} [${value.placeholder}]`;
  return value ? `--${name} <${value.placeholder}>` : `--${name}`;
}

function optionHelp({ name, help, value, default: byDefault }: OptionSpec): string {
  if (byDefault === true) return `${help} (default: on; off: --no-${name})`;
  if (value === undefined && byDefault === undefined) return `${help} (opposite: --no-${name})`;
  const facts = value?.choices ? [value.choices.join(', ')] : [];
  if (typeof byDefault === 'string') facts.push(`default: ${byDefault}`);
  return facts.length === 0 ? help : `${help} (${facts.join('; ')})`;
}

function item(term: string, text: string, termWidth: number, width: number): string {
  const before = INDENT + term.padEnd(termWidth) + INDENT;
  const room = Math.max(Math.min(width, WIDEST) - before.length, 30);
  return before + wrap(text, room).join(`\n${' '.repeat(before.length)}`);
}
