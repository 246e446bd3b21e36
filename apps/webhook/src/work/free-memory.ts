import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Bytes of memory that this process could still take: of the machine, or of its cgroup (version 2) where that has less. */
export async function freeMemory(): Promise<number> {
  return Math.min(freemem(), await freeInCgroup());
}

/** What the cgroup holds of files does not count: the kernel gives it up first. */
async function freeInCgroup(): Promise<number> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const [, path = '/'] = /^0::(.*)$/m.exec(await read('/proc/self/cgroup')) ?? [];
  const folder = join('/sys/fs/cgroup', path);
  const max = Number.parseInt(await read(join(folder, 'memory.max')), 10);
  if (Number.isNaN(max)) return Number.POSITIVE_INFINITY;
  const used = Number.parseInt(await read(join(folder, 'memory.current')), 10);
  const stat = await read(join(folder, 'memory.stat'));
  const files = [...stat.matchAll(/^(?:in)?active_file (\d+)$/gm)].reduce(
    (sum, [, bytes]) => sum + Number(bytes),
    0,
  );
  return max - (Number.isNaN(used) ? 0 : used) + files;
}
