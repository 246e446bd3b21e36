import { mutateBytes } from './mutate-bytes.ts';
import type { Random } from './random.ts';
import type { Framing } from './target.ts';

/** More parts than that make executions slow before they make them interesting. */
const MOST_PARTS = 200;

type PartMutator = (parts: Uint8Array[], random: Random, others: readonly Uint8Array[]) => void;

const mutators: readonly PartMutator[] = [
  (parts, random) => {
    parts.splice(random.below(parts.length), 1);
  },
  (parts, random) => {
    const from = random.below(parts.length);
    parts.splice(from, 1 + random.below(Math.min(8, parts.length - from)));
  },
  (parts, random) => {
    const part = random.pick(parts);
    parts.splice(random.below(parts.length + 1), 0, part);
  },
  (parts, random) => {
    const one = random.below(parts.length);
    const two = random.below(parts.length);
    const part = parts[one] as Uint8Array;
    parts[one] = parts[two] as Uint8Array;
    parts[two] = part;
  },
  // Neighbours changing places is what a network does.
  (parts, random) => {
    const at = random.below(parts.length - 1);
    const [part] = parts.splice(at, 1);
    if (part !== undefined) parts.splice(at + 1, 0, part);
  },
  (parts, random) => {
    const at = random.below(parts.length);
    const part = parts[at] as Uint8Array;
    parts[at] = part.subarray(0, random.below(part.length + 1));
  },
  (parts, random, others) => {
    if (others.length > 0) parts.splice(random.below(parts.length + 1), 0, random.pick(others));
  },
  // The beginning of one input, the end of another.
  (parts, random, others) => {
    parts.splice(random.below(parts.length + 1), parts.length, ...others.slice(random.below(others.length)));
  },
  (parts, random) => {
    const from = random.below(parts.length);
    const stretch = parts.slice(from, from + 1 + random.below(16));
    parts.splice(random.below(parts.length + 1), 0, ...stretch);
  },
];

/** Whole parts are dropped, doubled, moved and exchanged, and the bytes within one are changed; the framing holds. */
export function mutateParts(
  original: Uint8Array,
  framing: Framing,
  random: Random,
  other: Uint8Array,
  words: readonly Uint8Array[],
): Uint8Array {
  const { head, parts } = framing.split(original);
  const others = framing.split(other).parts;
  let newHead = head;
  for (let left = 1 + random.below(1 << random.below(4)); left > 0; left -= 1) {
    if (parts.length === 0 || (head.length > 0 && random.oneIn(12))) {
      newHead = mutateBytes(newHead, random, head, words);
    } else if (random.oneIn(2)) {
      const at = random.below(parts.length);
      const partner = others.length === 0 ? head : random.pick(others);
      parts[at] = mutateBytes(parts[at] as Uint8Array, random, partner, words);
    } else {
      random.pick(mutators)(parts, random, others);
    }
    if (parts.length > MOST_PARTS) parts.length = MOST_PARTS;
  }
  return framing.join(newHead, parts);
}
