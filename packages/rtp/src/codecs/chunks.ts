/** A frame as the packets left it: pieces in order, none of them copied. */
export type Chunks = readonly Uint8Array[];

export function lengthOf(chunks: Chunks): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}

/** The first `count` bytes, or all where there are fewer; a view unless they lie in several pieces. */
export function startOf(chunks: Chunks, count: number): Uint8Array {
  const first = chunks[0];
  if (first === undefined) return new Uint8Array(0);
  if (first.length >= count || chunks.length === 1) return first.subarray(0, count);
  const start = new Uint8Array(Math.min(count, lengthOf(chunks)));
  let filled = 0;
  for (const chunk of chunks) {
    if (filled === start.length) break;
    const part = chunk.subarray(0, start.length - filled);
    start.set(part, filled);
    filled += part.length;
  }
  return start;
}

/** The last `count` bytes, or all where there are fewer; a view unless they lie in several pieces. */
export function endOf(chunks: Chunks, count: number): Uint8Array {
  const last = chunks.at(-1);
  if (last === undefined) return new Uint8Array(0);
  if (last.length >= count || chunks.length === 1) return last.subarray(Math.max(0, last.length - count));
  const length = lengthOf(chunks);
  return startOf(sliceOf(chunks, Math.max(0, length - count), length), count);
}

/** Bytes `from` to `to` as views. */
export function sliceOf(chunks: Chunks, from: number, to: number): Uint8Array[] {
  const slice: Uint8Array[] = [];
  let start = 0;
  for (const chunk of chunks) {
    if (start >= to) break;
    const end = start + chunk.length;
    if (end > from) slice.push(chunk.subarray(Math.max(0, from - start), Math.min(chunk.length, to - start)));
    start = end;
  }
  return slice;
}
