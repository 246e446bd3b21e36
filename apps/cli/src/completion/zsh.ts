import type { CommandSpec, OptionSpec } from '../declare/commands.ts';
import { quoted, shown } from './shell-data.ts';

/** For a folder of `$fpath`, as `_rawreel`, or to be sourced after `compinit`. compadd does the quoting. */
export function zshCompletion(commands: readonly CommandSpec[]): string {
  return `#compdef rawreel
# zsh completion for rawreel. Put it into a folder of $fpath as _rawreel, or: source <(rawreel completion zsh)

_rawreel_ids() {
  local -a input kind ids expl
  local i word
  for (( i = 1; i < CURRENT; i++ )); do
    word=\${(Q)words[i]}
    case $word in
      --input-file|--input-dir|--input-s3) input=("$word" "\${(Q)words[i+1]/#\\~\\//$HOME/}") ;;
      --input-file=*|--input-dir=*|--input-s3=*) input=("\${word/=\\~\\//=$HOME/}") ;;
      extract-audio|mix-audio|transcription-kit) kind=(--track-type audio) ;;
      extract-video) kind=(--track-type video) ;;
    esac
  done
  (( $#input )) || return 1
  ids=("\${(@f)$(command rawreel list-tracks "$input[@]" "$kind[@]" --format completion --completion-type "$1" 2>/dev/null </dev/null)}")
  ids=("\${(@)ids:#}")
  _wanted ids expl id compadd -a ids
}

_rawreel() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)'{-h,--help}'[help]' '(- *)'{-V,--version}'[version]' '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands
      commands=(
${commands.map(({ name, summary }) => `        ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
      )
      _describe command commands
      ;;
    rest)
      case $words[1] in
${commands.map(caseOf).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _rawreel ]]; then
  _rawreel "$@"
else
  compdef _rawreel rawreel
fi
`;
}

function caseOf(command: CommandSpec): string {
  const specs = shown(command).flatMap(optionSpecs);
  if (command.argument) specs.push(`1:${command.argument.name}:(${command.argument.choices.join(' ')})`);
  const lines = [...specs, '(- *)--help[help]'].map((spec) => `            ${quoted(spec)}`);
  return `        ${command.name})\n          _arguments \\\n${lines.join(' \\\n')}\n          ;;`;
}

function optionSpecs({ name, help, value, default: byDefault }: OptionSpec): string[] {
  const description = help.replace(/[[\]:\\]/g, '\\$&');
  if (value) return [`--${name}=[${description}]:${value.placeholder}:${actionOf(value)}`];
  if (byDefault !== true) return [`--${name}[${description}]`];
  return [`(--no-${name})--${name}[${description}]`, `(--${name})--no-${name}[do not ${description}]`];
}

function actionOf({ choices, completes }: NonNullable<OptionSpec['value']>): string {
  if (choices) return `(${choices.join(' ')})`;
  if (completes === undefined) return ' ';
  if (completes === 'file') return '_files';
  if (completes === 'folder') return '_files -/';
  // The space keeps _arguments from putting compadd's options before the argument.
  return ` _rawreel_ids ${completes}`;
}
