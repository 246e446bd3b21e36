import type { CommandSpec, TopicSpec } from '../declare/command-spec.ts';
import { argumentOf, commandsOf, entriesOf, lastWord, type Program, restOf } from '../declare/program.ts';
import {
  flagsOf,
  kindLine,
  kindsOfIds,
  quoted,
  shownOptions,
  type ValuedOption,
  valuedOptions,
} from './option-words.ts';

/**
 * Works in bash 3.2 (macOS) and later, without the bash-completion package. Bash hands over words that it has broken at
 * `=` and `:` and not unquoted, so the script splits the line itself: an id may hold blanks, quotes and colons. What it
 * offers is quoted for the quote that is open where the cursor stands, and only the part after the last break is
 * offered, because that is what readline replaces.
 */
export function bashCompletion(program: Program): string {
  const { commands, topics } = program;
  const names = entriesOf(program)
    .map(({ name }) => name)
    .join(' ');
  return `# bash completion for rawreel. Load it with: source <(rawreel completion bash)

# Splits $1 into unquoted words: _rawreel_words, the last of them where the cursor stands. Sets _rawreel_quote to the
# quote that is open there, and _rawreel_kept to what of the last word lies before readline's own word.
_rawreel_split() {
  local line=$1 char next word='' kept='' outer='' quote='' started='' i
  _rawreel_words=()
  for (( i = 0; i < \${#line}; i++ )); do
    char=\${line:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $char == "'" ]]; then quote='' kept=$outer; else word+=$char; fi
    elif [[ $char == "\\\\" ]]; then
      next=\${line:i+1:1}
      if [[ -n $quote && $next != [\\$\\\`\\"\\\\] ]]; then word+=$char; fi
      word+=$next started=1
      (( i++ ))
    elif [[ $quote == '"' ]]; then
      if [[ $char == '"' ]]; then quote='' kept=$outer; else word+=$char; fi
    elif [[ $char == "'" || $char == '"' ]]; then
      quote=$char outer=$kept kept=$word started=1
    elif [[ $char == [[:blank:]] ]]; then
      if [[ -n $started ]]; then _rawreel_words+=("$word"); fi
      word='' kept='' started=''
    else
      if [[ -z $started && $char == '~' && \${line:i+1:1} == / ]]; then char=$HOME; fi
      word+=$char started=1
      if [[ $char == [=:] && $COMP_WORDBREAKS == *"$char"* ]]; then kept=$word; fi
    fi
  done
  _rawreel_words+=("$word")
  _rawreel_quote=$quote
  _rawreel_kept=$kept
}

# Offers the lines of stdin that begin with $1; $2 is what readline keeps of it.
_rawreel_offer() {
  local typed=$1 kept=$2 line
  while IFS= read -r line; do
    if [[ -z $line || \${line:0:\${#typed}} != "$typed" ]]; then continue; fi
    line=\${line:\${#kept}}
    case $_rawreel_quote in
      "'") line=\${line//"'"/"'\\\\''"} ;;
      '"') line=\${line//\\\\/\\\\\\\\} line=\${line//\\"/\\\\\\"} line=\${line//\\$/\\\\\\$} line=\${line//\\\`/\\\\\\\`} ;;
      *) printf -v line %q "$line" ;;
    esac
    COMPREPLY+=("$line")
  done
}

_rawreel_ids() {
  local i word input=() kind=()
  for (( i = 1; i < \${#_rawreel_words[@]} - 1; i++ )); do
    word=\${_rawreel_words[i]}
    case $word in
      -i|--input-file|--input-dir|--input-s3) input=("$word" "\${_rawreel_words[i+1]}") ;;
      --input-file=*|--input-dir=*|--input-s3=*) input=("$word") ;;
${kindsOfIds(commands).map(kindLine).join('\n')}
    esac
  done
  if (( \${#input[@]} == 0 )); then return; fi
  "\${_rawreel_words[0]}" list-tracks "\${input[@]}" "\${kind[@]}" --format completion --completion-type "$1" \\
    2>/dev/null </dev/null
}

# Sets _rawreel_takes to what the option $1 takes after the command so far: "file", "folder", "ids <kind>",
# "one <choices>", "text"; else empty.
_rawreel_option() {
  case $command:$1 in
${valuedOptions(commands).map(takesLine).join('\n')}
    *) _rawreel_takes='' ;;
  esac
}

_rawreel() {
  local _rawreel_words _rawreel_quote _rawreel_kept _rawreel_takes command='' option='' typed kept i last
  COMPREPLY=()
  _rawreel_split "\${COMP_LINE:0:COMP_POINT}"
  last=$(( \${#_rawreel_words[@]} - 1 ))
  for (( i = 1; i < last; i++ )); do
    _rawreel_option "\${_rawreel_words[i]}"
    if [[ -n $_rawreel_takes ]]; then
      option=\${_rawreel_words[i]}
      (( i++ ))
    elif [[ \${_rawreel_words[i]} != -* ]]; then
      case $command in
        '') command=\${_rawreel_words[i]} ;;
        ${topics.map(({ name }) => name).join('|')}) command+=" \${_rawreel_words[i]}" ;;
      esac
    fi
  done
  typed=\${_rawreel_words[last]} kept=$_rawreel_kept
  if (( i == last )); then
    # The word before was no option that waits for a value.
    option=''
    if [[ $typed == --*=* ]]; then
      option=\${typed%%=*} typed=\${typed#*=} kept=\${kept#*=}
    fi
  fi
  _rawreel_option "$option"
  compopt +o default 2>/dev/null
  case $_rawreel_takes in
    file) compopt -o default 2>/dev/null ;;
    folder) compopt -o dirnames 2>/dev/null ;;
    ids\\ *) _rawreel_offer "$typed" "$kept" < <(_rawreel_ids "\${_rawreel_takes#ids }") ;;
    one\\ *) _rawreel_offer "$typed" "$kept" < <(printf '%s\\n' \${_rawreel_takes#one }) ;;
    text) ;;
    *)
      if [[ -n $option ]]; then return; fi
      case $command in
        ${takingFiles(commands)}) [[ $typed == -* ]] || compopt -o default 2>/dev/null ;;
      esac
      case $command in
        '') _rawreel_offer "$typed" "$kept" < <(printf '%s\\n' ${names} --help --version) ;;
${topics.map((topic) => topicLine(topic, commands)).join('\n')}
${commands.map(commandLine).join('\n')}
      esac
      ;;
  esac
}

complete -o default -F _rawreel rawreel
`;
}

/** Commands whose words without an option are recordings. */
const takingFiles = (commands: readonly CommandSpec[]): string =>
  commands
    .filter((command) => restOf(command) !== undefined)
    .map(({ name }) => name)
    .join('|');

function takesLine({ option: { name, short, choices, completes }, onlyIn }: ValuedOption): string {
  const takes = choices ? `one ${choices.join(' ')}` : takesOf(completes);
  const command = onlyIn === undefined ? '*' : quoted(onlyIn);
  const letter = short === undefined ? '' : `|${command}:-${short}`;
  return `    ${command}:--${name}${letter}) _rawreel_takes='${takes}' ;;`;
}

function takesOf(completes: string | undefined): string {
  if (completes === undefined) return 'text';
  return completes === 'file' || completes === 'folder' ? completes : `ids ${completes}`;
}

function topicLine({ name }: TopicSpec, commands: readonly CommandSpec[]): string {
  return offerLine(name, [...commandsOf(name, commands).map((command) => lastWord(command.name)), '--help']);
}

function commandLine(command: CommandSpec): string {
  const choices = argumentOf(command)?.choices ?? [];
  return offerLine(command.name, [...choices, ...shownOptions(command).flatMap(flagsOf), '--help']);
}

function offerLine(typedSoFar: string, words: readonly string[]): string {
  return `        ${quoted(typedSoFar)}) _rawreel_offer "$typed" "$kept" < <(printf '%s\\n' ${words.join(' ')}) ;;`;
}
