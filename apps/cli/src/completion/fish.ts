import type { CommandSpec, OptionSpec } from '../declare/commands.ts';
import { shown } from './shell-data.ts';

/** Fish takes candidates as lines and does the quoting. */
export function fishCompletion(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const lines = commands.flatMap((command) => [
    `complete -c rawreel -n 'not __fish_seen_subcommand_from ${names}' -a ${command.name} -d ${fishQuoted(command.summary)}`,
    ...shown(command).flatMap((option) => optionLines(command, option)),
    ...argumentLines(command),
  ]);
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
complete -c rawreel -n 'not __fish_seen_subcommand_from ${names}' -s V -l version -d 'version'
${lines.join('\n')}
`;
}

function optionLines(command: CommandSpec, { name, help, value, default: byDefault }: OptionSpec): string[] {
  const line = (flag: string, takes: string, text: string) =>
    `complete -c rawreel -n '__fish_seen_subcommand_from ${command.name}' -l ${flag}${takes} -d ${fishQuoted(text)}`;
  if (value) return [line(name, takesOf(value), help)];
  return byDefault === true
    ? [line(name, '', help), line(`no-${name}`, '', `do not ${help}`)]
    : [line(name, '', help)];
}

function argumentLines({ name, argument }: CommandSpec): string[] {
  if (argument === undefined) return [];
  return [`complete -c rawreel -n '__fish_seen_subcommand_from ${name}' -a '${argument.choices.join(' ')}'`];
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
