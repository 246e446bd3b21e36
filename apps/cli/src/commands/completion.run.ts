import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Run } from '../declare/command.ts';
import { EXIT } from '../exit-codes.ts';
import type { completion } from './completion.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export const run: Run<typeof completion> = ({ shell }, { stdout }, program) => {
  stdout.write(SCRIPTS[shell](program));
  return EXIT.whole;
};
