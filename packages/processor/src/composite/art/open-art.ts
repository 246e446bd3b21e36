import type { Image } from '@napi-rs/canvas';
import { printable } from '@rawreel/text';
import type { CompositeLook } from '../../plan/plan.ts';
import type { Art } from './art.ts';
import { openDrawer } from './drawer.ts';
import { DrawnArt } from './drawn-art.ts';
import { openPicture } from './open-picture.ts';
import { PlainArt } from './plain-art.ts';

/** Draws with what is installed: letters need the optional package `@napi-rs/canvas`. */
export async function openArt(look: CompositeLook): Promise<Art> {
  const drawer = await openDrawer();
  if (drawer === undefined)
    return new PlainArt(
      'there are no names, initials, title or logo: the package @napi-rs/canvas is not installed (npm i @napi-rs/canvas)',
    );
  const pictures = new Map<string, Image>();
  const lacks: string[] = [];
  for (const path of picturesIn(look)) {
    const opened = await openPicture(drawer, path);
    if (typeof opened === 'string') lacks.push(`${printable(path)} cannot be shown: ${opened}`);
    else pictures.set(path, opened);
  }
  return new DrawnArt(drawer, look, pictures, lacks);
}

/** Paths of a look's logo and avatars, each once. */
export const picturesIn = ({ logo, names }: CompositeLook): ReadonlySet<string> =>
  new Set([logo, ...Object.values(names).map(({ avatar }) => avatar)].filter((path) => path !== undefined));
