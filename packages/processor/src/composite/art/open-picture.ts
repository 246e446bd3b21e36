import { readFile } from 'node:fs/promises';
import type { Image } from '@napi-rs/canvas';
import { printable } from '@rawreel/text';
import type { Drawer } from './drawer.ts';

/** A picture, or why there is none. */
export async function openPicture(drawer: Drawer, path: string): Promise<Image | string> {
  // Read here: a path must never be taken for an address.
  const bytes = await readPicture(path);
  if (typeof bytes === 'string') return bytes;
  try {
    const picture = await drawer.loadImage(bytes);
    return isSeen(drawer, picture) ? picture : 'nothing of it is seen: it is cut, or transparent';
  } catch {
    return 'it is no PNG, JPEG, WebP, GIF or SVG';
  }
}

/** The bytes of a picture, or why there are none. */
export async function readPicture(path: string): Promise<Buffer | string> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such file' : printable(message);
  }
}

/** What is cut is decoded without a word. */
function isSeen(drawer: Drawer, picture: Image): boolean {
  const context = drawer.createCanvas(16, 16).getContext('2d');
  context.drawImage(picture, 0, 0, 16, 16);
  return context.getImageData(0, 0, 16, 16).data.some((value, at) => at % 4 === 3 && value > 0);
}
