import { performance } from 'node:perf_hooks';
import type { Output } from '../surroundings.ts';

const MS_BETWEEN_LINES = 100;

/** One line of a terminal that is written over again and again; nothing on anything else. */
export class Line {
  readonly #output: Output;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(text: () => string): void {
    const now = performance.now();
    if (!this.#output.isTTY || now - this.#shownAt < MS_BETWEEN_LINES) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#output.write(`\r\x1b[K${text()}`);
  }

  clear(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K');
    this.#isShown = false;
  }
}
