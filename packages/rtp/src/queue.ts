/**
 * First in, first out. Its room is used again: an array that is emptied takes 150 bytes with the next item, and shifting one that
 * somebody let grow is quadratic.
 */
export class Queue<Item> {
  readonly #items: (Item | undefined)[] = [];
  #from = 0;
  #to = 0;

  push(item: Item): void {
    this.#items[this.#to++] = item;
  }

  pull(): Item | undefined {
    const from = this.#from;
    if (from === this.#to) return undefined;
    const item = this.#items[from];
    // What was pulled is kept alive no longer.
    this.#items[from] = undefined;
    this.#from = from + 1;
    if (this.#from === this.#to) {
      this.#from = 0;
      this.#to = 0;
    }
    return item;
  }
}
