/** Over a network, waiting is most of each read. */
const READS_AT_ONCE = 16;

/** Reads for all items, several at a time; the first failure ends it. */
export async function readConcurrently<T>(
  items: readonly T[],
  read: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await read(item);
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, worker));
}
