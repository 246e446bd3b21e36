import { createRandom, type Random } from '@rawreel/fixtures';

/** What tells of a recording, in Stream's words. */
export const EVENTS = ['started', 'stopped', 'ready'] as const;
export type EventName = (typeof EVENTS)[number];

/** What is to happen to one recording, as the seed has it. */
export interface Script {
  readonly index: number;
  readonly call: { readonly type: string; readonly id: string };
  /** From its start to its stop. */
  readonly lengthMs: number;
  /** Whether there is a picture, too. */
  readonly hasPicture: boolean;
  /** After how many milliseconds each event is sent, once for each of them; with none it is lost. */
  readonly sendings: Readonly<Record<EventName, readonly number[]>>;
}

/** Of one call; they are recorded one after the other, as one call can be. */
const RECORDINGS_OF_CALL = 8;
const LOST = 0.2;
const DELAYED = 0.3;
const REPEATED = 0.3;
const LONGEST_DELAY_MS = 8000;

export function scriptsOf(count: number, seed: string): Script[] {
  const calls = Math.ceil(count / RECORDINGS_OF_CALL);
  const random = createRandom(seed).fork('scripts');
  return Array.from({ length: count }, (_, index) => {
    const chance = random.fork(index);
    return {
      index,
      call: { type: 'default', id: `call-${index % calls}` },
      lengthMs: Math.round(chance.between(100, 1500)),
      hasPicture: chance.chance(0.5),
      sendings: { started: sending(chance), stopped: sending(chance), ready: sending(chance) },
    };
  });
}

function sending(chance: Random): number[] {
  const [isLost, isDelayed, isRepeated] = [LOST, DELAYED, REPEATED].map((share) => chance.chance(share));
  const [delay, ...repeats] = [1, 2, 3].map(() => Math.round(chance.between(1, LONGEST_DELAY_MS)));
  if (isLost) return [];
  return [isDelayed ? (delay ?? 0) : 0, ...(isRepeated ? repeats.slice(chance.below(2)) : [])];
}
