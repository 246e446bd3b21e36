import { join, resolve } from 'node:path';
import { formatBytes } from '@rawreel/text';
import { outputsOf } from '../service/making-of.ts';
import { largestThatFits, needOf } from '../work/admission.ts';
import { freeMemory } from '../work/free-memory.ts';
import { type Check, type CheckSurroundings, failed } from './check.ts';

/** About an hour of five cameras; the largest of the benchmarks. */
const LARGE = 1e9;

/** Whether there is the disk and the memory that recordings take. */
export async function checkRoom(around: CheckSurroundings): Promise<readonly Check[]> {
  const outputs = outputsOf(around.config);
  return [
    await checkMemory(around),
    ...(await Promise.all(outputs.map((output) => checkDisk(output, around)))),
  ];
}

async function checkMemory({ config: { workers } }: CheckSurroundings): Promise<Check> {
  const name = 'memory';
  const free = await freeMemory();
  const [small, large] = [needOf(0).memory, needOf(LARGE).memory];
  const found = `${formatBytes(free)} free; a recording takes ${formatBytes(small)} to ${formatBytes(large)}`;
  if (free < small)
    return { name, state: 'fail', found, advice: 'None would be begun. Give it more memory.' };
  if (free >= workers * large) return { name, state: 'ok', found };
  return {
    name,
    state: 'warn',
    found,
    advice: `That is not enough for ${workers} large ones at a time: some wait. Give it more memory, or set fewer workers.`,
  };
}

async function checkDisk(output: string, { config: { dataFolder } }: CheckSurroundings): Promise<Check> {
  const name = `disk for ${output}`;
  try {
    const most = await largestThatFits(output, join(resolve(dataFolder), 'cache'));
    const found = `recordings of up to ${formatBytes(Math.max(0, most))} fit`;
    if (most >= LARGE) return { name, state: 'ok', found };
    return {
      name,
      state: most > 0 ? 'warn' : 'fail',
      found,
      advice: 'Larger ones wait for room. Free some, or set dataFolder and output to a larger disk.',
    };
  } catch (error) {
    return failed(name, error);
  }
}
