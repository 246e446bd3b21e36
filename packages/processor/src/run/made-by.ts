import { readFileSync } from 'node:fs';

/** Read rather than imported: the file lies outside the compiled tree, at the same distance from `src` and `dist`. */
const MANIFEST = new URL('../../package.json', import.meta.url);

/** Name and version of who makes files where nobody says otherwise; in a program's own bundle there is no version to be read. */
export function defaultMaker(): string {
  try {
    const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string };
    return `rawreel ${version}`;
  } catch {
    return 'rawreel';
  }
}
