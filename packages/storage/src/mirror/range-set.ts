/** Bytes `from` ≤ position < `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Which bytes of an object: ranges that are sorted, apart from each other and never empty. */
export class RangeSet implements Iterable<ByteRange> {
  #ranges: ByteRange[] = [];
  #byteLength = 0;

  constructor(ranges: Iterable<ByteRange> = []) {
    for (const range of ranges) this.add(range);
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  [Symbol.iterator](): Iterator<ByteRange> {
    return this.#ranges[Symbol.iterator]();
  }

  /** @returns how many of the bytes are new */
  add({ from, to }: ByteRange): number {
    if (from >= to) return 0;
    const first = this.#firstEndingAtOrAfter(from);
    let next = first;
    let known = 0;
    let start = from;
    let end = to;
    for (
      let range = this.#ranges[next];
      range !== undefined && range.from <= to;
      range = this.#ranges[next]
    ) {
      known += Math.max(0, Math.min(range.to, to) - Math.max(range.from, from));
      start = Math.min(start, range.from);
      end = Math.max(end, range.to);
      next += 1;
    }
    this.#ranges.splice(first, next - first, { from: start, to: end });
    this.#byteLength += to - from - known;
    return to - from - known;
  }

  covers({ from, to }: ByteRange): boolean {
    if (from >= to) return true;
    const range = this.#ranges[this.#firstEndingAtOrAfter(from + 1)];
    return range !== undefined && range.from <= from && range.to >= to;
  }

  /** End of the range that holds the position; the position itself where none does. */
  endOf(position: number): number {
    const range = this.#ranges[this.#firstEndingAtOrAfter(position + 1)];
    return range !== undefined && range.from <= position ? range.to : position;
  }

  /** What of `from` … `to` is not in the set, in order. The set must not change before the next one is taken. */
  *gaps({ from, to }: ByteRange): Generator<ByteRange, undefined> {
    let at = from;
    for (let index = this.#firstEndingAtOrAfter(from + 1); at < to; index += 1) {
      const range = this.#ranges[index];
      const end = Math.min(range?.from ?? to, to);
      if (at < end) yield { from: at, to: end };
      at = range?.to ?? to;
    }
  }

  #firstEndingAtOrAfter(position: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.to ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
