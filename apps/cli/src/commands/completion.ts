import { command } from '../declare/command-spec.ts';
import { choiceArgument } from '../declare/kinds.ts';
import { VERBOSE } from '../options/printing.ts';

export const completion = command({
  name: 'completion',
  group: 'This machine',
  summary: 'Print a script that lets a shell complete commands, options and the ids in a recording.',
  examples: [
    { says: 'bash, for new shells', line: 'rawreel completion bash >> ~/.bashrc' },
    { says: 'zsh, into a folder of $fpath', line: 'rawreel completion zsh > ~/.zfunc/_rawreel' },
    { says: 'fish', line: 'rawreel completion fish > ~/.config/fish/completions/rawreel.fish' },
  ],
  options: { shell: choiceArgument('shell', ['bash', 'zsh', 'fish']), verbose: VERBOSE },
});
