// Everything that the command line needs becomes one package without dependencies, in chunks that are loaded when a
// command first needs them. Left out is Stream's SDK: see bundle/stream-sdk.mjs.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';
import { licences } from './bundle/licences.mjs';

const processor = fileURLToPath(new URL('.', import.meta.resolve('@rawreel/processor')));
/** A file of the processor's, whichever of its rooms it is in. */
function processorFile(name) {
  const [path] = globSync(`*/${name}.js`, { cwd: processor });
  if (path === undefined) throw new Error(`the processor has no ${name}.js any more`);
  return join(processor, path);
}
/** What threads begin with. It is looked for beside the code that starts them, so it keeps these names. */
const THREADS = {
  worker: processorFile('worker'),
  'mix-worker': processorFile('mix-worker'),
  'pool-worker': fileURLToPath(new URL('./worker.js', import.meta.resolve('piscina'))),
};
const SDK_OR_ERROR = fileURLToPath(new URL('./bundle/stream-sdk.mjs', import.meta.url));

const streamSdk = {
  name: 'stream-sdk',
  resolveId(id, importer) {
    if (id !== '@stream-io/node-sdk') return undefined;
    return importer === SDK_OR_ERROR ? { id, external: true } : SDK_OR_ERROR;
  },
};

/** Code that a bundler cannot follow: what of it becomes what. */
const UNSEEN = [
  {
    file: fileURLToPath(new URL('./index.js', import.meta.resolve('piscina'))),
    code: "(__dirname, 'worker.js')",
    becomes: "(__dirname, 'pool-worker.js')",
  },
  {
    file: fileURLToPath(new URL('./src/terminal/width.ts', import.meta.url)),
    code: "createRequire(import.meta.url)('string-width')",
    becomes: "require('string-width')",
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

export default defineConfig({
  cwd: import.meta.dirname,
  input: { main: 'src/main.ts', ...THREADS },
  platform: 'node',
  // Native, and optional to piscina, which asks for it only where threads are to be nicer.
  external: ['@napi-rs/nice'],
  transform: { define: { __dirname: 'import.meta.dirname' }, target: 'node22' },
  plugins: [streamSdk, unseen, licences()],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  },
});
