// Everything that the command line needs becomes one package without dependencies, in chunks that are loaded when a
// command first needs them. Left out is Stream's SDK: see bundle/stream-sdk.mjs.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';
import { licences } from './bundle/licences.mjs';

const SDK_OR_ERROR = fileURLToPath(new URL('./bundle/stream-sdk.mjs', import.meta.url));

const streamSdk = {
  name: 'stream-sdk',
  resolveId(id, importer) {
    if (id !== '@stream-io/node-sdk') return undefined;
    return importer === SDK_OR_ERROR ? { id, external: true } : SDK_OR_ERROR;
  },
};

/** What threads begin with becomes a file of its own in the bundle's one folder. */
const threads = {
  name: 'threads',
  transform(source, id) {
    return source.replaceAll(/new URL\('([./]+[\w/-]+\.js)', import\.meta\.url\)/g, (_, path) => {
      const fileName = basename(path);
      this.emitFile({ type: 'chunk', id: join(dirname(id), path), fileName });
      return `new URL('./${fileName}', import.meta.url)`;
    });
  },
};

const piscina = fileURLToPath(new URL('.', import.meta.resolve('piscina')));
const libopus = fileURLToPath(import.meta.resolve('libopus-wasm'));
const processor = fileURLToPath(import.meta.resolve('@rawreel/processor'));
/** Code that a bundler cannot follow: what of it becomes what. */
const UNSEEN = [
  {
    file: join(piscina, 'index.js'),
    code: "(__dirname, 'worker.js')",
    becomes: "(__dirname, 'pool-worker.js')",
  },
  {
    file: join(import.meta.dirname, 'src/terminal/width.ts'),
    code: "createRequire(import.meta.url)('string-width')",
    becomes: "require('string-width')",
  },
  {
    file: join(dirname(processor), 'mix/libopus-module.js'),
    code: 'import(__rewriteRelativeImportExtension(inside()))',
    becomes: `import(${JSON.stringify(join(dirname(libopus), 'generated/libopus.generated.mjs'))})`,
  },
];

const unseen = {
  name: 'unseen',
  transform(source, id) {
    const found = UNSEEN.find(({ file }) => file === id);
    if (!found) return undefined;
    if (!source.includes(found.code)) this.error(`${id} has no ${found.code} any more`);
    return source.replace(found.code, found.becomes);
  },
};

/**
 * What each module costs to be found and read is more than what is in it: what every start needs is one chunk, and what most
 * commands need another. What few need stays apart; packages do, too, for threads load nothing of the commands.
 */
const CHUNKS = [
  { name: 'packages', test: /[/]packages[/]/, minShareCount: 8 },
  {
    name: 'start',
    test: /[/]cli[/]src[/](?:commands|options|declare|failure|terminal|completion)[/].*(?<![.]run)[.]ts$/,
    minShareCount: 2,
  },
  { name: 'commands', test: /[/]cli[/]src[/]/, minShareCount: 8 },
];

/** What an earlier build has left goes when this one is there: a program that starts meanwhile finds one of the two. */
const nothingElse = {
  name: 'nothing-else',
  writeBundle({ dir }, bundle) {
    for (const file of readdirSync(dir))
      if (!Object.hasOwn(bundle, file)) rmSync(join(dir, file), { recursive: true });
  },
};

export default defineConfig({
  cwd: import.meta.dirname,
  input: { main: 'src/main.ts', 'pool-worker': join(piscina, 'worker.js') },
  platform: 'node',
  // Native, and optional: piscina asks for the one only where threads are to be nicer, a composite for the other to draw names.
  external: ['@napi-rs/nice', '@napi-rs/canvas'],
  transform: { define: { __dirname: 'import.meta.dirname' }, target: 'node22' },
  plugins: [streamSdk, threads, unseen, licences(), nothingElse],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: { groups: CHUNKS },
  },
});
