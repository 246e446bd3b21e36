// Copies what rawreel-webhook runs on to a folder, after a build and `npm ci --omit=dev --workspace=rawreel-webhook`:
//
//   node apps/webhook/deploy/assemble.mjs /opt/rawreel

import { cpSync, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const [, , target] = process.argv;
if (!target) throw new Error('Name the folder to copy to.');
const root = resolve(import.meta.dirname, '../../..');
const modules = join(root, 'node_modules');

/** What only a build would use: valibot has the compiler as a peer. */
const LEFT_OUT = ['.bin', 'typescript', '@typescript'].map((name) => join(modules, name));

/** Links in node_modules are to the workspaces of this repository: tools and tests are among them, whatever was asked for. */
const linkOf = (path) => (lstatSync(path).isSymbolicLink() ? relative(root, realpathSync(path)) : undefined);
const isNeeded = (path) =>
  !LEFT_OUT.includes(path) && /^(?:node_modules|packages|apps)\b/.test(linkOf(path) ?? 'node_modules');

const copy = (path) =>
  cpSync(join(root, path), join(target, path), { recursive: true, verbatimSymlinks: true, filter: isNeeded });

copy('node_modules');
const rooms = readdirSync(modules)
  .flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((own) => join(name, own)) : name,
  )
  .map((name) => linkOf(join(modules, name)))
  .filter((room) => /^(?:packages|apps)\b/.test(room ?? ''));
for (const room of rooms)
  for (const part of ['package.json', 'LICENSE', 'bin', 'dist', 'node_modules'])
    if (existsSync(join(root, room, part))) copy(join(room, part));
