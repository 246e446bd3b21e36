import type { CommandSpec } from '../declare/command-spec.ts';
import {
  argumentOf,
  commandsOf,
  type Entry,
  entriesOf,
  lastWord,
  type NamedOption,
  type Program,
  restOf,
} from '../declare/program.ts';
import {
  hasNegation,
  kindLine,
  kindsOfIds,
  type NamedValueOption,
  quoted,
  shownOptions,
} from './option-words.ts';

/** For a folder of `$fpath`, as `_rawreel`, or to be sourced after `compinit`. compadd does the quoting. */
export function zshCompletion(program: Program): string {
  return `#compdef rawreel
# zsh completion for rawreel. Put it into a folder of $fpath as _rawreel, or: source <(rawreel completion zsh)

_rawreel_ids() {
  local -a input kind ids expl
  local i word
  for (( i = 1; i < CURRENT; i++ )); do
    word=\${(Q)words[i]}
    case $word in
      -i|--input-file|--input-dir|--input-s3) input=("$word" "\${(Q)words[i+1]/#\\~\\//$HOME/}") ;;
      --input-file=*|--input-dir=*|--input-s3=*) input=("\${word/=\\~\\//=$HOME/}") ;;
${kindsOfIds(program.commands).map(kindLine).join('\n')}
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
${wordLines(entriesOf(program), program, "'(- *)'{-V,--version}'[version]'").join('\n')}
}

if [[ $funcstack[1] == _rawreel ]]; then
  _rawreel "$@"
else
  compdef _rawreel rawreel
fi
`;
}

/** Completes one of several words, and after it what belongs to that word. */
function wordLines(entries: readonly Entry[], program: Program, options: string): string[] {
  const { commands } = program;
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
      ...(isCommand(entry)
        ? optionLines(entry)
        : wordLines(commandsOf(entry.name, commands), program, '')
      ).map((line) => `        ${line}`),
      '          ;;',
    ]),
    '      esac',
    '      ;;',
    '  esac',
  ];
}

const isCommand = (entry: Entry): entry is CommandSpec => 'options' in entry;

function optionLines(command: CommandSpec): string[] {
  const specs = shownOptions(command).flatMap(optionSpecs);
  const argument = argumentOf(command);
  if (argument)
    specs.push(
      `1:${escaped(argument.placeholder)}:${argument.choices ? `(${argument.choices.join(' ')})` : ' '}`,
    );
  if (restOf(command)) specs.push('*:recording:_files');
  const lines = [...specs, '(- *)--help[help]'].map((spec) => `    ${quoted(spec)}`);
  return [`  _arguments \\\n${lines.join(' \\\n')}`];
}

const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

function optionSpecs(option: NamedOption): string[] {
  const { name, short } = option;
  const description = escaped(option.help);
  const often = option.kind === 'list' ? '*' : '';
  if (option.kind !== 'flag') {
    const value = `[${description}]:${escaped(option.placeholder)}:${actionOf(option)}`;
    return [`${often}--${name}=${value}`, ...(short === undefined ? [] : [`${often}-${short}+${value}`])];
  }
  if (!hasNegation(option))
    return [`--${name}[${description}]`, ...(short === undefined ? [] : [`-${short}[${description}]`])];
  return [`(--no-${name})--${name}[${description}]`, `(--${name})--no-${name}[do not ${description}]`];
}

function actionOf({ choices, completes }: NamedValueOption): string {
  if (choices) return `(${choices.join(' ')})`;
  if (completes === undefined) return ' ';
  if (completes === 'file') return '_files';
  if (completes === 'folder') return '_files -/';
  // The space keeps _arguments from putting compadd's options before the argument.
  return ` _rawreel_ids ${completes}`;
}
