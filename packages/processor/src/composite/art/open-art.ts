import { readFile } from 'node:fs/promises';
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
  const pictures = new Map<string, Awaited<ReturnType<Drawer['loadImage']>>>();
  const lacks: string[] = [];
  for (const path of new Set(paths.filter((each) => each !== undefined))) {
    try {
      // Read here: a path must never be taken for an address.
      pictures.set(path, await drawer.loadImage(await readFile(path)));
    } catch (error) {
      lacks.push(`${printable(path)} cannot be shown: ${printable((error as Error).message)}`);
    }
  }
  return new DrawnArt(drawer, look, pictures, lacks);
}
