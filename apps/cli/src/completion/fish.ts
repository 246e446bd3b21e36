import { COMMANDS, commandsOf, ENTRIES, lastWord, TOPICS, topicOf } from '../declare/commands.ts';
import type { CommandSpec, OptionSpec } from '../declare/spec.ts';
import { hasNegation, shown } from './shell-data.ts';

/** Fish takes candidates as lines and does the quoting. */
export function fishCompletion(): string {
  const lines = [
    ...ENTRIES.map(({ name, summary }) => wordLine(NO_WORD_YET, name, summary)),
    ...TOPICS.flatMap(({ name }) => secondWordLines(name)),
    ...COMMANDS.flatMap((command) => [
      ...shown(command).flatMap((option) => optionLines(command, option)),
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
            case --input-file --input-dir --input-s3
                set -l next (math $i + 1)
                if test $next -le (count $tokens)
                    set input $tokens[$i] (string replace -r '^~/' "$HOME/" -- $tokens[$next])
                end
            case '--input-file=*' '--input-dir=*' '--input-s3=*'
                set input (string replace -r '=~/' "=$HOME/" -- $tokens[$i])
            case extract-audio mix-audio transcription-kit
                set kind --track-type audio
            case extract-video
                set kind --track-type video
        end
    end
    if set -q input[1]
        command rawreel list-tracks $input $kind --format completion --completion-type $argv[1] 2>/dev/null </dev/null
    end
end

complete -c rawreel -f
complete -c rawreel -s h -l help -d 'help'
complete -c rawreel -n '${NO_WORD_YET}' -s V -l version -d 'version'
${lines.join('\n')}
`;
}

const seen = (...words: readonly string[]): string => `__fish_seen_subcommand_from ${words.join(' ')}`;

const NO_WORD_YET = `not ${seen(...ENTRIES.map(({ name }) => name))}`;

function wordLine(when: string, word: string, summary: string): string {
  return `complete -c rawreel -n '${when}' -a ${word} -d ${fishQuoted(summary)}`;
}

function secondWordLines(topic: string): string[] {
  const commands = commandsOf(topic);
  const when = `${seen(topic)}; and not ${seen(...commands.map(({ name }) => lastWord(name)))}`;
  return commands.map(({ name, summary }) => wordLine(when, lastWord(name), summary));
}

/** When the command is the one that was typed. */
function typed({ name }: CommandSpec): string {
  const topic = topicOf(name);
  return topic === undefined ? seen(name) : `${seen(topic)}; and ${seen(lastWord(name))}`;
}

function optionLines(command: CommandSpec, option: OptionSpec): string[] {
  const { name, help, value } = option;
  const line = (flag: string, takes: string, text: string) =>
    `complete -c rawreel -n '${typed(command)}' -l ${flag}${takes} -d ${fishQuoted(text)}`;
  if (value) return [line(name, takesOf(value), help)];
  return hasNegation(option)
    ? [line(name, '', help), line(`no-${name}`, '', `do not ${help}`)]
    : [line(name, '', help)];
}

function argumentLines(command: CommandSpec): string[] {
  const choices = command.argument?.choices;
  return choices ? [`complete -c rawreel -n '${typed(command)}' -a '${choices.join(' ')}'`] : [];
}

function takesOf({ choices, completes }: NonNullable<OptionSpec['value']>): string {
  if (choices) return ` -x -a '${choices.join(' ')}'`;
  if (completes === undefined) return ' -x';
  if (completes === 'file') return ' -r -F';
  if (completes === 'folder') return " -x -a '(__fish_complete_directories)'";
  return ` -x -a '(__rawreel_ids ${completes})'`;
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
