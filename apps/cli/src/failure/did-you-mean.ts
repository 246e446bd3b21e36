import { distance } from 'fastest-levenshtein';

/**
 * The known id that a mistyped one most likely stands for: another case, the beginning of exactly one id (a copy cut
 * short), or at most four in ten characters different (two
 * exchanged ones count as two).
 */
export const closest = (given: string, known: readonly string[]): string | undefined =>
  nearest(given, known)?.word;

export interface Near {
  readonly word: string;
  /** How many characters are different, roughly. */
  readonly apart: number;
}

/** As {@link closest}, and how close. */
export function nearest(given: string, known: readonly string[]): Near | undefined {
  const wanted = given.toLowerCase();
  const [beginning, another] = known.filter((id) => id.toLowerCase().startsWith(wanted));
  if (given.length >= 4 && beginning !== undefined && another === undefined)
    return { word: beginning, apart: 0 };
  let best: Near | undefined;
  // In one or two characters everything is close to everything.
  let bestDistance = Math.floor(given.length * 0.4) + 1;
  for (const word of known) {
    const apart = distance(wanted, word.toLowerCase());
    if (apart < bestDistance) {
      best = { word, apart };
      bestDistance = apart;
    }
  }
  return best;
}
