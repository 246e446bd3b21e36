import { distance } from 'fastest-levenshtein';

/**
 * The known id that a mistyped one most likely stands for: another case, the beginning of exactly one id (a copy cut
 * short), or at most four in ten characters different (two
 * exchanged ones count as two).
 */
export function closest(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase();
  const beginning = known.filter((id) => id.toLowerCase().startsWith(wanted));
  if (given.length >= 4 && beginning.length === 1) return beginning[0];
  let best: string | undefined;
  // In one or two characters everything is close to everything.
  let bestDistance = Math.floor(given.length * 0.4) + 1;
  for (const id of known) {
    const apart = distance(wanted, id.toLowerCase());
    if (apart < bestDistance) {
      best = id;
      bestDistance = apart;
    }
  }
  return best;
}
