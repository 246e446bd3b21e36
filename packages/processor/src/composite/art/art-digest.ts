import { createHash } from 'node:crypto';
import type { CompositeLook } from '../../plan/plan.ts';
import { openDrawer } from './drawer.ts';
import { picturesIn } from './open-art.ts';
import { readPicture } from './open-picture.ts';

/** Tells what of a film's art is not in its look: the content of its pictures, and whether there is what draws. */
export async function artDigest(look: CompositeLook): Promise<string> {
  const hash = createHash('sha256').update(`${(await openDrawer()) !== undefined}`);
  // A length before each, so that no two lists of pictures are one row of bytes.
  for (const path of picturesIn(look)) {
    const bytes = await readPicture(path);
    hash.update(`\n${bytes.length} `).update(bytes);
  }
  return hash.digest('hex');
}
