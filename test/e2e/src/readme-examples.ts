import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Pages that show programs, as paths from the root of the repository. */
export const PAGES_WITH_EXAMPLES = globSync(['README.md', 'docs/*.md', '{packages,apps}/*/README.md'], {
  cwd: ROOT,
})
  .sort()
  .filter((path) => blocksOf(path, 'ts').length > 0);

function blocksOf(path: string, language: 'ts' | 'mts'): readonly string[] {
  const blocks = readFileSync(join(ROOT, path), 'utf8').matchAll(/^```(m?ts)\n(.*?)^```/gms);
  return Array.from(blocks).flatMap(([, of, block = '']) => (of === language ? [block] : []));
}

/**
 * Compiles the examples of pages as strictly as the repository itself, each page for itself.
 *
 * @param folder where they are written, beside a `node_modules` with what they import
 * @returns what the compiler said: nothing, for good examples
 */
export async function compileExamples(
  folder: string,
  pages: readonly string[],
  { skipLibCheck = true }: { readonly skipLibCheck?: boolean } = {},
): Promise<string> {
  const base = readFileSync(join(ROOT, 'tooling/tsconfig/base.json'), 'utf8');
  const { compilerOptions } = JSON.parse(base) as {
    compilerOptions: Readonly<Record<string, unknown>>;
  };
  const config = {
    compilerOptions: {
      ...compilerOptions,
      skipLibCheck,
      // A variable that an example only shows is not used.
      noUnusedLocals: false,
      noEmit: true,
      declaration: false,
      declarationMap: false,
    },
    include: ['*/*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const path of pages) {
    const place = join(folder, path.replaceAll('/', '_'));
    mkdirSync(place);
    // Later examples of a page go on where the first has ended; programs stand for themselves.
    writeFileSync(join(place, 'example.ts'), `${blocksOf(path, 'ts').join('\n')}\nexport {};\n`);
    for (const [number, program] of blocksOf(path, 'mts').entries())
      writeFileSync(join(place, `program-${number}.ts`), program);
  }
  const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { stdout } = await promisify(execFile)(compiler, ['-p', folder, '--pretty', 'false']).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  return stdout;
}
