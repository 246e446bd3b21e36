import { joined } from './mutate-bytes.ts';
import type { Framing } from './target.ts';

/**
 * A smaller input for which `fails` still holds: parts are left out, then stretches of bytes, halving their length
 * down to single ones, then bytes become 0. Asks at most `attempts` times.
 */
export async function minimize(
  input: Uint8Array,
  fails: (candidate: Uint8Array) => boolean | Promise<boolean>,
  options: { readonly framing?: Framing | undefined; readonly attempts?: number } = {},
): Promise<Uint8Array> {
  let left = options.attempts ?? 20_000;
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    left -= 1;
    return left >= 0 && (await fails(candidate));
  };
  let best = input;
  if (options.framing !== undefined) best = await withoutParts(best, options.framing, attempt);
  best = await withoutStretches(best, attempt);
  return withZeros(best, attempt);
}

type Attempt = (candidate: Uint8Array) => Promise<boolean>;

async function withoutParts(input: Uint8Array, framing: Framing, attempt: Attempt): Promise<Uint8Array> {
  const { head, parts } = framing.split(input);
  let best = framing.join(head, parts);
  // What the framing cannot give back is left to the bytes.
  if (!(await attempt(best))) return input;
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const [part] = parts.splice(at, 1);
    const candidate = framing.join(head, parts);
    if (await attempt(candidate)) best = candidate;
    else if (part !== undefined) parts.splice(at, 0, part);
  }
  return best;
}

async function withoutStretches(input: Uint8Array, attempt: Attempt): Promise<Uint8Array> {
  let best = input;
  for (let length = best.length >> 1; length >= 1; length >>= 1) {
    for (let at = best.length - length; at >= 0; at -= length) {
      const candidate = joined(best.subarray(0, at), best.subarray(at + length));
      if (await attempt(candidate)) best = candidate;
    }
  }
  return best;
}

async function withZeros(input: Uint8Array, attempt: Attempt): Promise<Uint8Array> {
  let best = input;
  for (let at = 0; at < best.length; at += 1) {
    if (best[at] === 0) continue;
    const candidate = new Uint8Array(best);
    candidate[at] = 0;
    if (await attempt(candidate)) best = candidate;
  }
  return best;
}
