import type { Target } from '../target.ts';
import { archiveTargets } from './archives.ts';
import { depacketizerTargets } from './depacketizers.ts';
import { packetTargets } from './packets.ts';
import { rtpdumpTarget } from './rtpdump.ts';

/** One for each reader of foreign bytes. */
export const targets: readonly Target[] = [
  rtpdumpTarget,
  ...packetTargets,
  ...depacketizerTargets,
  ...archiveTargets,
];

export function targetNamed(name: string): Target {
  const target = targets.find((candidate) => candidate.name === name);
  if (target !== undefined) return target;
  throw new RangeError(`no target ${name}; there are ${targets.map((each) => each.name).join(', ')}`);
}
