import { openDrawer } from './drawer.ts';
import { openPicture, readPicture } from './open-picture.ts';

/**
 * Why a composite would not show the picture at a path; undefined where it would. Without `@napi-rs/canvas`, which decodes it, no
 * more is known than whether it can be read.
 */
export async function flawOfPicture(path: string): Promise<string | undefined> {
  const drawer = await openDrawer();
  const opened = drawer === undefined ? await readPicture(path) : await openPicture(drawer, path);
  return typeof opened === 'string' ? opened : undefined;
}
