// The main job on the sample recording, as a person would type it.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE = join('test', 'samples', 'chromium-call.zip');
const OUTPUT = 'demo-output';

rmSync(OUTPUT, { recursive: true, force: true });
for (const args of [
  ['list-tracks', '--input-file', SAMPLE],
  // A mix would need ffmpeg.
  ['process-all', '--input-file', SAMPLE, '--output', OUTPUT, '--no-mix'],
]) {
  process.stdout.write(`\n$ npx rawreel ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [join('apps', 'cli', 'bin', 'rawreel.js'), ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
