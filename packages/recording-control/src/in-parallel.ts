import { RecordingControlError } from './errors.ts';

/** How many requests of one job are under way at a time; the rate limit is kept to whatever it is. */
export const CONCURRENCY = 4;

/**
 * Does the work for each item, so many at a time; the results are in the order of the items. A failure ends it.
 *
 * @throws {RecordingControlError} ERR_BAD_REQUEST where nothing would ever be done
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  if (!(concurrency >= 1)) {
    throw new RecordingControlError(
      'ERR_BAD_REQUEST',
      `The concurrency is ${concurrency}, but has to be at least 1`,
    );
  }
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    // One iterator for all: each takes the next that nobody has.
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return results;
}
