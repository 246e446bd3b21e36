import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LargeCallSpec, writeLargeCall } from '@rawreel/fixtures';
import type { Work } from './measure.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
export const WORK = join(HERE, '..', '.work');
export const quick = process.argv.includes('--quick');
/** What sizes and lengths are multiplied with. */
const scale = quick ? 0.1 : 1;

const CLI = join(HERE, '..', '..', '..', 'apps', 'cli', 'bin', 'rawreel.js');
export const output = join(WORK, 'out');
export const clean = () => rmSync(output, { recursive: true, force: true });

const MB = 2 ** 20;

/** A rawreel process; its outputs of the round before are gone when it starts. */
export const rawreel = (name: string, ...args: string[]): Work => ({
  name,
  command: [process.execPath, CLI, ...args],
  before: clean,
});

export const making = (name: string, command: string, input: string, ...more: string[]): Work =>
  rawreel(name, command, '--input-file', input, '--output', output, '--quiet', ...more);

/** ffmpeg by itself, as what ours is compared with. */
export const ffmpeg = (...args: string[]): Work => ({
  name: `ffmpeg ${args.join(' ')}`,
  command: ['ffmpeg', '-v', 'error', '-nostdin', '-y', ...args],
});

/** Makes an input once, and takes it as it is from then on. */
export async function input(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  mkdirSync(WORK, { recursive: true });
  const path = join(WORK, quick ? `quick-${name}` : name);
  if (!existsSync(path)) {
    process.stderr.write(`making ${path} …\n`);
    await make(path);
  }
  return path;
}

/** A deflated call of six people with 720p VP8 and Opus. */
export const videoCall = (megabytes: number): Promise<string> =>
  input(`call-${megabytes}m.zip`, (path) =>
    writeLargeCall(path, { participants: 6, targetBytes: megabytes * MB * scale, deflated: true }),
  );

/** A deflated call of sound alone. */
export const audioCall = (
  participants: number,
  seconds: number,
  more: Partial<LargeCallSpec> = {},
): Promise<string> =>
  input(`audio-${participants}x${seconds}.zip`, (path) =>
    writeLargeCall(path, { participants, seconds: seconds * scale, video: 'none', deflated: true, ...more }),
  );
