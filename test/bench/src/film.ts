import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clean, output, WORK } from './inputs.ts';
import { type Measured, measure } from './measure.ts';

const FILM = join(dirname(fileURLToPath(import.meta.url)), 'film-process.ts');
const PEAK = join(WORK, 'peak');

/** A process and all that it starts. */
export interface MeasuredTree extends Measured {
  readonly cpuSeconds: number;
}

export interface MeasuredFilm extends Omit<MeasuredTree, 'peakMiB'> {
  readonly path: string;
  /** Of Node itself. */
  readonly peakMiB: number;
}

/** A film in a process of its own. @param shares how many tracks are taken for shared screens */
export async function filmOf(archive: string, composite: object, shares = 0): Promise<MeasuredFilm> {
  const command = [process.execPath, FILM, archive, output, JSON.stringify(composite), `${shares}`];
  const { wallSeconds, cpuSeconds } = await measureTree(command, clean);
  const peakMiB = Math.round(Number(readFileSync(PEAK, 'utf8')));
  const path = join(output, readdirSync(output).find((file) => file.endsWith('.mp4')) ?? '');
  return { path, wallSeconds, cpuSeconds, peakMiB };
}

export async function measureTree(command: readonly string[], before?: () => void): Promise<MeasuredTree> {
  mkdirSync(WORK, { recursive: true });
  const times = join(WORK, 'times');
  const script = '"$@"; code=$?; times > "$TIMES"; exit $code';
  process.env['TIMES'] = times;
  process.env['PEAK'] = PEAK;
  const done = await measure({
    name: command.join(' '),
    command: ['bash', '-c', script, 'bash', ...command],
    ...(before === undefined ? {} : { before }),
  });
  const [, children = ''] = readFileSync(times, 'utf8').split('\n');
  const cpuSeconds = Array.from(
    children.matchAll(/(\d+)m([\d.]+)s/g),
    ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
  );
  return { ...done, cpuSeconds: cpuSeconds.reduce((sum, each) => sum + each, 0) };
}
