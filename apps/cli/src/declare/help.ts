import type { Colours } from '../terminal/colour.ts';
import { wrap } from '../terminal/wrap.ts';
import type { CommandSpec, TopicSpec } from './command-spec.ts';
import { OPTION_GROUPS } from './option.ts';
import {
  argumentsOf,
  commandsOf,
  entriesOf,
  type NamedOption,
  optionsOf,
  type Program,
  restOf,
} from './program.ts';

const WIDEST = 100;
const INDENT = '  ';

export interface HelpLook {
  readonly width: number;
  readonly colours: Colours;
}

/** The page of `rawreel` itself: the commands by what a person wants. */
export function programHelp(program: Program, { width, colours }: HelpLook): string {
  const all = entriesOf(program);
  const blocks = [
    'rawreel records Stream Video calls raw and turns raw recordings into playable media.',
    `${colours.bold('Usage:')} rawreel <command> [options]`,
  ];
  for (const group of new Set(all.map((entry) => entry.group))) {
    const entries = all.filter((entry) => entry.group === group);
    blocks.push([colours.bold(`${group}:`), ...summaries(entries, all, width)].join('\n'));
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
export function topicHelp(topic: TopicSpec, program: Program, { width, colours }: HelpLook): string {
  const commands = commandsOf(topic.name, program.commands);
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
  const words = argumentsOf(command)
    .map((word) => ({ ...word, shown: word.choices?.join('|') ?? word.placeholder }))
    .map(({ optional, shown }) => (optional ? ` [${shown}]` : ` <${shown}>`));
  const rest = restOf(command);
  const argument = [...words, ...(rest ? [` [${rest.placeholder}…]`] : [])].join('');
  const examples = command.examples.flatMap(({ says, line }) => [
    `${INDENT}${colours.dim(`# ${says}`)}`,
    `${INDENT}${line}`,
  ]);
  const blocks = [
    command.summary,
    `${colours.bold('Usage:')} rawreel ${command.name}${argument} [options]`,
    [colours.bold('Examples:'), ...examples].join('\n'),
  ];
  const shown = optionsOf(command).filter(({ hidden }) => !hidden);
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

function optionTerm(option: NamedOption): string {
  const { name, short } = option;
  const flag = short === undefined ? `    --${name}` : `-${short}, --${name}`;
  if (option.kind === 'flag') return flag;
  return option.kind === 'value' && option.implied
    ? `${flag} [${option.placeholder}]`
    : `${flag} <${option.placeholder}>`;
}

function optionHelp(option: NamedOption): string {
  const { name, help } = option;
  if (option.kind === 'flag') {
    if (option.default === undefined) return `${help} (opposite: --no-${name})`;
    return option.default ? `${help} (default: on; off: --no-${name})` : help;
  }
  const facts = option.choices ? [option.choices.join(', ')] : [];
  if (option.kind === 'list') facts.push('repeatable');
  else {
    if (option.default !== undefined) facts.push(`default: ${option.default}`);
    if (option.required) facts.push('required');
  }
  return facts.length === 0 ? help : `${help} (${facts.join('; ')})`;
}

function item(term: string, text: string, termWidth: number, width: number): string {
  const before = INDENT + term.padEnd(termWidth) + INDENT;
  const room = Math.max(Math.min(width, WIDEST) - before.length, 26);
  return before + wrap(text, room).join(`\n${' '.repeat(before.length)}`);
}
