import type { CommandSpec } from '../declare/command-spec.ts';
import {
  argumentOf,
  commandsOf,
  entriesOf,
  lastWord,
  type NamedOption,
  type Program,
  restOf,
  topicOf,
} from '../declare/program.ts';
import {
  hasNegation,
  type KindOfIds,
  kindsOfIds,
  type NamedValueOption,
  shownOptions,
} from './option-words.ts';

/** Fish takes candidates as lines and does the quoting. */
export function fishCompletion(program: Program): string {
  const { commands, topics } = program;
  const entries = entriesOf(program);
  const noWordYet = `not ${seen(...entries.map(({ name }) => name))}`;
  const lines = [
    ...entries.map(({ name, summary }) => wordLine(noWordYet, name, summary)),
    ...topics.flatMap(({ name }) => secondWordLines(name, commands)),
    ...commands.flatMap((command) => [
      ...shownOptions(command).flatMap((option) => optionLines(command, option)),
      ...argumentLines(command),
    ]),
  ];
  return `# fish completion for rawreel. Load it with: rawreel completion fish | source

function __rawreel_ids
    set -l tokens (commandline -opc)
    set -l input
    set -l kind
    for i in (seq 2 (count $tokens))
        switch $tokens[$i]
            case -i --input-file --input-dir --input-s3
                set -l next (math $i + 1)
                if test $next -le (count $tokens)
                    set input $tokens[$i] (string replace -r '^~/' "$HOME/" -- $tokens[$next])
                end
            case '--input-file=*' '--input-dir=*' '--input-s3=*'
                set input (string replace -r '=~/' "=$HOME/" -- $tokens[$i])
${kindsOfIds(commands).map(kindLines).join('\n')}
        end
    end
    if set -q input[1]
        command rawreel list-tracks $input $kind --format completion --completion-type $argv[1] 2>/dev/null </dev/null
    end
end

complete -c rawreel -f
complete -c rawreel -s h -l help -d 'help'
complete -c rawreel -n '${noWordYet}' -s V -l version -d 'version'
${lines.join('\n')}
`;
}

const seen = (...words: readonly string[]): string => `__fish_seen_subcommand_from ${words.join(' ')}`;

const kindLines = ({ kind, names }: KindOfIds): string =>
  `            case ${names.join(' ')}\n                set kind --track-type ${kind}`;

function wordLine(when: string, word: string, summary: string): string {
  return `complete -c rawreel -n '${when}' -a ${word} -d ${fishQuoted(summary)}`;
}

function secondWordLines(topic: string, commands: readonly CommandSpec[]): string[] {
  const own = commandsOf(topic, commands);
  const when = `${seen(topic)}; and not ${seen(...own.map(({ name }) => lastWord(name)))}`;
  return own.map(({ name, summary }) => wordLine(when, lastWord(name), summary));
}

/** When the command is the one that was typed. */
function typed({ name }: CommandSpec): string {
  const topic = topicOf(name);
  return topic === undefined ? seen(name) : `${seen(topic)}; and ${seen(lastWord(name))}`;
}

function optionLines(command: CommandSpec, option: NamedOption): string[] {
  const { name, help, short } = option;
  const line = (flag: string, takes: string, text: string) => {
    const letter = short !== undefined && flag === name ? ` -s ${short}` : '';
    return `complete -c rawreel -n '${typed(command)}'${letter} -l ${flag}${takes} -d ${fishQuoted(text)}`;
  };
  if (option.kind !== 'flag') return [line(name, takesOf(option), help)];
  return hasNegation(option)
    ? [line(name, '', help), line(`no-${name}`, '', `do not ${help}`)]
    : [line(name, '', help)];
}

function argumentLines(command: CommandSpec): string[] {
  if (restOf(command)) return [`complete -c rawreel -n '${typed(command)}' -F`];
  const choices = argumentOf(command)?.choices;
  return choices ? [`complete -c rawreel -n '${typed(command)}' -a '${choices.join(' ')}'`] : [];
}

function takesOf({ choices, completes }: NamedValueOption): string {
  if (choices) return ` -x -a '${choices.join(' ')}'`;
  if (completes === undefined) return ' -x';
  if (completes === 'file') return ' -r -F';
  if (completes === 'folder') return " -x -a '(__fish_complete_directories)'";
  return ` -x -a '(__rawreel_ids ${completes})'`;
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
