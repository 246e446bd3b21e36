/** Reads of small entries that are under way together: over a network, waiting is most of each. */
export const SMALL_READS_AT_ONCE = 16;

/** Works on all items, so many at a time; the first failure ends it. */
export async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const workOff = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, workOff));
}
