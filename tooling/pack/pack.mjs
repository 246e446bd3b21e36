// Packs every package that is published, as `npm publish` would, into dist-packages/; run by `npm run pack`, after a build.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const TARGET = join(ROOT, 'dist-packages');

const rooms = globSync('{packages,apps}/*/package.json', { cwd: ROOT })
  .map(dirname)
  .sort()
  .map((room) => ({ room, manifest: JSON.parse(readFileSync(join(ROOT, room, 'package.json'), 'utf8')) }))
  .filter(({ manifest }) => !manifest.private);
const versions = new Map(rooms.map(({ manifest }) => [manifest.name, manifest.version]));

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(TARGET);
const wrong = [];
for (const { room, manifest } of rooms) {
  // Built already, and npm would say what turbo says, for each of them.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', TARGET, '--workspace', room];
  const packed = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' });
  if (packed.status !== 0) throw new Error(`npm pack fails for ${room}: ${packed.stderr}`);
  const [{ filename, size, unpackedSize, files }] = Object.values(JSON.parse(packed.stdout));
  const inside = new Set(files.map(({ path }) => path));
  wrong.push(...lackingIn(manifest, inside).map((what) => `${filename}: ${what}`));
  const kilobytes = (bytes) => `${Math.ceil(bytes / 1000)} kB`.padStart(8);
  console.log(`${kilobytes(size)} ${kilobytes(unpackedSize)} unpacked  dist-packages/${filename}`);
}
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exit(1);

/** What a tarball promises and does not hold. */
function lackingIn({ bin = {}, exports = {}, dependencies = {} }, inside) {
  const promised = [...Object.values(bin), ...Object.values(exports).flatMap((door) => Object.values(door))];
  const files = ['README.md', 'LICENSE', ...promised.map((path) => path.replace(/^\.\//, ''))];
  return [
    ...files.filter((path) => !inside.has(path)).map((path) => `${path} is not in it`),
    ...Object.entries(dependencies)
      .filter(([name, version]) => name.startsWith('@rawreel/') && versions.get(name) !== version)
      .map(([name, version]) => `${name} ${version} is not published with it`),
  ];
}
