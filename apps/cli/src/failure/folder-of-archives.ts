import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenWords } from '../declare/read-options.ts';
import { ARCHIVE } from '../make/archive-names.ts';
import { count } from '../terminal/format-values.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import { CliError } from './errors.ts';

/**
 * The error of a folder that was given as a recording and holds some: how to run the command for each.
 *
 * @param args the command line that has failed
 */
export async function folderOfArchives(
  error: unknown,
  { inputDir, inputFile }: GivenWords,
  args: readonly string[],
): Promise<CliError | undefined> {
  const given = inputDir ?? inputFile;
  const folder = given === undefined ? undefined : String(given);
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_NO_METADATA')) return undefined;
  const names = folder === undefined ? [] : await namesIn(folder);
  const endings = names.flatMap((name) => ARCHIVE.exec(name)?.[0] ?? []);
  const [first] = names;
  if (folder === undefined || first === undefined) return undefined;
  const archives = count(names.length, 'archive');
  const patterns = [...new Set(endings)].map(
    (ending) => `${shellQuote(folder.replace(/\/+$/, ''))}/*${ending}`,
  );
  return new CliError(`${folder} is not a recording, but a folder with ${archives} in it`, {
    code: error.code,
    hints: [
      names.length === 1
        ? `Use the archive: ${lineFor(shellQuote(join(folder, first)), args)}`
        : `Run it for each: for call in ${patterns.join(' ')}; do ${lineFor('"$call"', args)}; done`,
    ],
    cause: error,
  });
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory() && ARCHIVE.test(entry.name)).map(({ name }) => name);
}

const INPUT = /^(?:-i|--input-(?:dir|file))(=|$)/s;

/** The same command line with another input. */
function lineFor(input: string, args: readonly string[]): string {
  const words = args.flatMap((word, position) => {
    const equals = INPUT.exec(word)?.[1];
    if (equals !== undefined) return [equals === '' ? '--input-file' : `--input-file=${input}`];
    return INPUT.exec(args[position - 1] ?? '')?.[1] === '' ? [input] : [shellQuote(word)];
  });
  return ['rawreel', ...words].join(' ');
}
