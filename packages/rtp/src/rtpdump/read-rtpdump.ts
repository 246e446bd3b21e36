import { RtpdumpReader, type RtpdumpRecord } from './rtpdump-reader.ts';

/** Enough to make the cost of one promise per batch vanish, few enough to stay small for records of a few bytes. */
const BATCH = 4096;

/**
 * Batches of records from chunks as a stream gives them, in file order; never an empty batch. Ends early, and closes
 * the source, where the dump's framing is broken. Pass a reader to see its header, counts and ending.
 *
 * @throws {RtpdumpError} `ERR_NOT_RTPDUMP`
 */
export async function* readRtpdump(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  reader: RtpdumpReader = new RtpdumpReader(),
): AsyncGenerator<RtpdumpRecord[], void, undefined> {
  for await (const chunk of chunks) {
    reader.push(chunk);
    for (let batch = takeBatch(reader); batch.length > 0; batch = takeBatch(reader)) yield batch;
    if (reader.brokenAt !== undefined) break;
  }
  reader.end();
}

function takeBatch(reader: RtpdumpReader): RtpdumpRecord[] {
  const batch: RtpdumpRecord[] = [];
  while (batch.length < BATCH) {
    const record = reader.next();
    if (record === undefined) break;
    batch.push(record);
  }
  return batch;
}
