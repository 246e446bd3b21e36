import { readFile } from 'node:fs/promises';
import type { Image } from '@napi-rs/canvas';
import { printable } from '@rawreel/text';
import type { CompositeLook } from '../../plan/plan.ts';
import type { Art } from './art.ts';
import { type Drawer, openDrawer } from './drawer.ts';
import { DrawnArt } from './drawn-art.ts';
import { PlainArt } from './plain-art.ts';

/** Draws with what is installed: letters need the optional package `@napi-rs/canvas`. */
export async function openArt(look: CompositeLook): Promise<Art> {
  const drawer = await openDrawer();
  if (drawer === undefined)
    return new PlainArt(
      'there are no names, initials, title or logo: the package @napi-rs/canvas is not installed (npm i @napi-rs/canvas)',
    );
  const paths = [look.logo, ...Object.values(look.names).map(({ avatar }) => avatar)];
  const pictures = new Map<string, Image>();
  const lacks: string[] = [];
  for (const path of new Set(paths.filter((each) => each !== undefined))) {
    const opened = await openPicture(drawer, path);
    if (typeof opened === 'string') lacks.push(`${printable(path)} cannot be shown: ${opened}`);
    else pictures.set(path, opened);
  }
  return new DrawnArt(drawer, look, pictures, lacks);
}

/** A picture, or why there is none. */
async function openPicture(drawer: Drawer, path: string): Promise<Image | string> {
  let bytes: Buffer;
  try {
    // Read here: a path must never be taken for an address.
    bytes = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such file' : printable(message);
  }
  try {
    const picture = await drawer.loadImage(bytes);
    return isSeen(drawer, picture) ? picture : 'nothing of it is seen: it is cut, or transparent';
  } catch {
    return 'it is no PNG, JPEG, WebP, GIF or SVG';
  }
}

/** What is cut is decoded without a word. */
function isSeen(drawer: Drawer, picture: Image): boolean {
  const context = drawer.createCanvas(16, 16).getContext('2d');
  context.drawImage(picture, 0, 0, 16, 16);
  return context.getImageData(0, 0, 16, 16).data.some((value, at) => at % 4 === 3 && value > 0);
}
