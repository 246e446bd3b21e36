import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { EXIT } from '../exit-codes.ts';
import type { Surroundings } from '../surroundings.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints the script for a shell; the parser has let no other name through. */
export function completion(shell: keyof typeof SCRIPTS, { stdout }: Surroundings): number {
  stdout.write(SCRIPTS[shell]());
  return EXIT.whole;
}
