import { commandsOf, ENTRIES, type Entry, lastWord } from '../declare/commands.ts';
import type { CommandSpec, OptionSpec } from '../declare/spec.ts';
import { hasNegation, quoted, shown } from './shell-data.ts';

/** For a folder of `$fpath`, as `_rawreel`, or to be sourced after `compinit`. compadd does the quoting. */
export function zshCompletion(): string {
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
${wordLines(ENTRIES, "'(- *)'{-V,--version}'[version]'").join('\n')}
}

if [[ $funcstack[1] == _rawreel ]]; then
  _rawreel "$@"
else
  compdef _rawreel rawreel
fi
`;
}

/** Completes one of several words, and after it what belongs to that word. */
function wordLines(entries: readonly Entry[], options: string): string[] {
  const described = entries.map(({ name, summary }) => {
    return `    ${quoted(`${lastWord(name)}:${summary.replaceAll(':', '\\:')}`)}`;
  });
  return [
    `  _arguments -C '(- *)'{-h,--help}'[help]' ${options} '1: :->word' '*:: :->rest'`,
    '  case $state in',
    '    word)',
    '      local -a words_here',
    '      words_here=(',
    ...described.map((line) => `    ${line}`),
    '      )',
    '      _describe command words_here',
    '      ;;',
    '    rest)',
    '      case $words[1] in',
    ...entries.flatMap((entry) => [
      `        ${lastWord(entry.name)})`,
      ...(isCommand(entry) ? optionLines(entry) : wordLines(commandsOf(entry.name), '')).map(
        (line) => `        ${line}`,
      ),
      '          ;;',
    ]),
    '      esac',
    '      ;;',
    '  esac',
  ];
}

const isCommand = (entry: Entry): entry is CommandSpec => 'options' in entry;

function optionLines(command: CommandSpec): string[] {
  const specs = shown(command).flatMap(optionSpecs);
  const { argument } = command;
  if (argument)
    specs.push(`1:${escaped(argument.name)}:${argument.choices ? `(${argument.choices.join(' ')})` : ' '}`);
  const lines = [...specs, '(- *)--help[help]'].map((spec) => `    ${quoted(spec)}`);
  return [`  _arguments \\\n${lines.join(' \\\n')}`];
}

const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

function optionSpecs(option: OptionSpec): string[] {
  const { name, value } = option;
  const description = escaped(option.help);
  if (value) return [`--${name}=[${description}]:${escaped(value.placeholder)}:${actionOf(value)}`];
  if (!hasNegation(option)) return [`--${name}[${description}]`];
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
