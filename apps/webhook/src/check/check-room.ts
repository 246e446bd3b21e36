import { join, resolve } from 'node:path';
import { formatBytes } from '@rawreel/text';
import { outputsOf } from '../service/output-settings.ts';
import { largestThatFits, needOf } from '../work/admission.ts';
import { freeMemory } from '../work/free-memory.ts';
import { type Check, type CheckContext, failed } from './check.ts';

/** About an hour of five cameras; the largest of the benchmarks. */
const LARGE = 1e9;

/** Whether there is the disk and the memory that recordings take. */
export async function checkRoom(context: CheckContext): Promise<readonly Check[]> {
  const outputs = outputsOf(context.config);
  return [
    await checkMemory(context),
    ...(await Promise.all(outputs.map((output) => checkDisk(output, context)))),
  ];
}

async function checkMemory({ config: { workers } }: CheckContext): Promise<Check> {
  const name = 'memory';
  const free = await freeMemory();
  const [small, large] = [needOf(0).memory, needOf(LARGE).memory];
  const found = `${formatBytes(free)} free; a recording takes ${formatBytes(small)} to ${formatBytes(large)}`;
  if (free < small)
    return { name, state: 'fail', found, advice: 'No recording would start. Give it more memory.' };
  if (free >= workers * large) return { name, state: 'ok', found };
  return {
    name,
    state: 'warn',
    found,
    advice: `That is not enough for ${workers} large recordings at a time: some would wait. Give it more memory, or set fewer workers.`,
  };
}

async function checkDisk(output: string, { config: { dataFolder } }: CheckContext): Promise<Check> {
  const name = `disk for ${output}`;
  try {
    const most = await largestThatFits(output, join(resolve(dataFolder), 'cache'));
    const found = `recordings of up to ${formatBytes(Math.max(0, most))} fit`;
    if (most >= LARGE) return { name, state: 'ok', found };
    return {
      name,
      state: most > 0 ? 'warn' : 'fail',
      found,
      advice: 'Larger recordings would wait. Free some space, or set dataFolder and output to a larger disk.',
    };
  } catch (error) {
    return failed(name, error);
  }
}
