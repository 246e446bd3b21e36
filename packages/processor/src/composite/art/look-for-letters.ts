import { openDrawer } from './drawer.ts';
import { missingScripts } from './missing-letters.ts';
import { SCRIPTS } from './names.ts';

/** What of names this machine can draw. */
export interface DrawnNames {
  /** Whether the package is installed that draws. */
  readonly areDrawn: boolean;
  /** Scripts that boxes would stand for. */
  readonly missingScripts: readonly string[];
}

/** Looks at what is installed: the optional package `@napi-rs/canvas`, and fonts for the scripts that systems often lack. */
export async function lookForLetters(): Promise<DrawnNames> {
  const drawer = await openDrawer();
  if (drawer === undefined) return { areDrawn: false, missingScripts: [] };
  const oneOfEach = SCRIPTS.map(([, , letter]) => letter).join('');
  return { areDrawn: true, missingScripts: missingScripts(drawer, oneOfEach) };
}
