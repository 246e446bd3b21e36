import { readFileSync } from 'node:fs';

interface PackageFacts {
  readonly version: string;
  /** Lowest Node release that will do, without the range's operator. */
  readonly minimumNode: string;
}

/** Read rather than imported: the file lies outside the compiled tree, at the same distance from `src` and `dist`. */
export function packageFacts(): PackageFacts {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const manifest = JSON.parse(text) as { version: string; engines: { node: string } };
  return { version: manifest.version, minimumNode: manifest.engines.node.replace(/^\D+/, '') };
}

/** Both as `major.minor.patch`; what follows the numbers is not looked at. */
export function isAtLeast(version: string, minimum: string): boolean {
  const wanted = minimum.split('.').map(Number);
  const given = version.split('.').map(Number);
  for (const [position, least] of wanted.entries()) {
    const part = given[position] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
