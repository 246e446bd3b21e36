import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORK } from './inputs.ts';
import { type Measured, measure, type Work } from './measure.ts';

/** A process and all that it starts. */
export interface MeasuredTree extends Measured {
  readonly cpuSeconds: number;
}

/** The same, with the processor time of its children. */
export async function measureTree({ name, command, before }: Work): Promise<MeasuredTree> {
  mkdirSync(WORK, { recursive: true });
  const times = join(WORK, 'times');
  process.env['TIMES'] = times;
  const script = '"$@"; code=$?; times > "$TIMES"; exit $code';
  const done = await measure({ name, command: ['bash', '-c', script, 'bash', ...command], before });
  const [, children = ''] = readFileSync(times, 'utf8').split('\n');
  const cpuSeconds = Array.from(
    children.matchAll(/(\d+)m([\d.]+)s/g),
    ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
  );
  return { ...done, cpuSeconds: cpuSeconds.reduce((sum, each) => sum + each, 0) };
}
