// Publishes the tarballs of dist-packages/ that npm does not have yet. For the release workflow, where npm knows who asks.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const npm = (args, stdio) => spawnSync('npm', args, { cwd: ROOT, stdio }).status === 0;

for (const path of globSync('{packages,apps}/*/package.json', { cwd: ROOT }).sort()) {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  if (npm(['view', `${name}@${version}`, 'version', '--silent'], 'ignore')) {
    console.log(`${name} ${version} is published already`);
    continue;
  }
  const tarball = join('dist-packages', `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!npm(['publish', tarball, '--access', 'public', '--provenance'], 'inherit')) process.exit(1);
}
