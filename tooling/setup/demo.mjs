// The main jobs on sample recordings, as a person would type them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMES, writeDemoCall } from './demo-call.mjs';

const SAMPLE = join('test', 'samples', 'chromium-call.zip');
const OUTPUT = 'demo-output';
const CALL = join(OUTPUT, 'stand-up.zip');
const NAMES_FILE = join(OUTPUT, 'names.json');

function rawreel(...args) {
  process.stdout.write(`\n$ npx rawreel ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [join('apps', 'cli', 'bin', 'rawreel.js'), ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(OUTPUT, { recursive: true, force: true });
rawreel('list-tracks', '--input-file', SAMPLE);
// A mix would need ffmpeg.
rawreel('process-all', '--input-file', SAMPLE, '--output', OUTPUT, '--no-mix');

if (spawnSync('ffmpeg', ['-version']).error !== undefined) {
  process.stdout.write('\nWith ffmpeg installed, this goes on with the video of a call of five people.\n');
  process.exit(0);
}
process.stdout.write('\nMaking a sample call of five people (half a minute) …\n');
mkdirSync(OUTPUT, { recursive: true });
await writeDemoCall(CALL);
writeFileSync(NAMES_FILE, JSON.stringify(NAMES));
rawreel('composite', '--input-file', CALL, '--output', OUTPUT, '--names', NAMES_FILE, '--title', 'Stand-up');
process.stdout.write(`\nOpen the MP4 in ${OUTPUT}/: the meeting, with chapters.\n`);
