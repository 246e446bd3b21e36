// Makes dist-single/rawreel-<system>-<processor>: the command line in one file with Node, for machines that have neither.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'postject';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'apps', 'cli');
const TARGET = join(ROOT, 'dist-single');
const WORK = join(TARGET, '.work');
/** What Node looks for in itself: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });

// Required from inside, where import() is for Node's own modules only.
const start = join(WORK, 'start.cjs');
writeFileSync(start, "import('./dist/main.js');\n");
const files = ['package.json', 'LICENSE', ...globSync('dist/*', { cwd: CLI })].sort();
const assets = { 'start.cjs': start, ...Object.fromEntries(files.map((file) => [file, join(CLI, file)])) };
const digest = createHash('sha256');
for (const path of Object.values(assets)) digest.update(readFileSync(path));
const contents = join(WORK, 'contents.json');
writeFileSync(contents, JSON.stringify({ digest: digest.digest('hex'), files: Object.keys(assets) }));

const blob = join(WORK, 'program.blob');
const config = join(WORK, 'sea-config.json');
writeFileSync(
  config,
  JSON.stringify({
    main: join(import.meta.dirname, 'start.cjs'),
    output: blob,
    disableExperimentalSEAWarning: true,
    assets: { ...assets, 'contents.json': contents },
  }),
);
execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: 'inherit' });

const { platform, arch } = process;
const program = join(TARGET, `rawreel-${platform}-${arch}${platform === 'win32' ? '.exe' : ''}`);
copyFileSync(process.execPath, program);
chmodSync(program, 0o755);
if (platform === 'darwin') execFileSync('codesign', ['--remove-signature', program]);
await inject(program, 'NODE_SEA_BLOB', readFileSync(blob), {
  sentinelFuse: FUSE,
  machoSegmentName: platform === 'darwin' ? 'NODE_SEA' : undefined,
});
if (platform === 'darwin') execFileSync('codesign', ['--sign', '-', program]);
rmSync(WORK, { recursive: true });
const { version } = JSON.parse(readFileSync(join(CLI, 'package.json'), 'utf8'));
console.log(`dist-single/rawreel-${platform}-${arch}: rawreel ${version} on Node ${process.versions.node}`);
