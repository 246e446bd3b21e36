/** A view on more than so many times its own size is watched: it may keep too much alive. */
const SPARSE = 8;
/** Buffers of a record or two keep nothing alive that is worth a copy. */
const SMALL_BUFFER = 4096;

/**
 * Whether a view by itself keeps so much more alive than it shows that it must be watched while it waits. What fills most
 * of its buffer, a copy above all, need not be.
 */
export const isSparse = (bytes: number, buffer: ArrayBufferLike): boolean =>
  buffer.byteLength > SMALL_BUFFER + SPARSE * bytes;

/**
 * Watches items that wait with a view on what was read. A view keeps the whole buffer alive: when one comes that lies in
 * another, those that still wait in the last one get copies, if together they are less than an eighth of it. So what waits
 * keeps at most eight times its own size in memory, and one buffer more; what lies dense, as usual, is never copied.
 */
export class HeldViews<Item> {
  readonly #viewOf: (item: Item) => Uint8Array | undefined;
  readonly #copyInto: (item: Item, copy: Uint8Array) => void;
  #items: Item[] = [];
  #buffer: ArrayBufferLike | undefined;

  /** @param viewOf undefined once the item waits no longer */
  constructor(
    viewOf: (item: Item) => Uint8Array | undefined,
    copyInto: (item: Item, copy: Uint8Array) => void,
  ) {
    this.#viewOf = viewOf;
    this.#copyInto = copyInto;
  }

  /** Call for every item that begins to wait. */
  hold(item: Item): void {
    const view = this.#viewOf(item);
    if (view === undefined) return;
    const { buffer } = view;
    if (buffer !== this.#buffer) {
      if (!isSparse(view.length, buffer)) return;
      this.#settle();
      this.#buffer = buffer;
    }
    this.#items.push(item);
  }

  /**
   * Call when nothing waits any longer. Whatever was read is garbage then: kept for a moment more, it would outlive the young
   * generation (50 MB more in two threads).
   */
  clear(): void {
    if (this.#buffer === undefined) return;
    this.#buffer = undefined;
    this.#items = [];
  }

  #settle(): void {
    const items = this.#items;
    this.#items = [];
    let bytes = 0;
    for (const item of items) bytes += this.#viewOf(item)?.length ?? 0;
    if (this.#buffer === undefined || !isSparse(bytes, this.#buffer)) return;
    for (const item of items) {
      const view = this.#viewOf(item);
      if (view !== undefined) this.#copyInto(item, view.slice());
    }
  }
}
