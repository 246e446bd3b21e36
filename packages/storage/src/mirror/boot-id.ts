import { readFile } from 'node:fs/promises';

/** Names the time since the machine was started; undefined where the system does not tell. */
export async function bootId(): Promise<string | undefined> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
  } catch {
    return undefined;
  }
}
