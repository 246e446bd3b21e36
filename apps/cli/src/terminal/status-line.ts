import { performance } from 'node:perf_hooks';
import type { Context, Output } from '../context.ts';
import { canRedraw } from './colour.ts';

const MS_BETWEEN_LINES = 100;

/** One line of a terminal that is written over again and again; nothing on anything else. */
export class StatusLine {
  readonly #output: Output;
  readonly #isTerminal: boolean;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  constructor({ stderr, env }: Pick<Context, 'stderr' | 'env'>) {
    this.#output = stderr;
    this.#isTerminal = canRedraw(stderr, env);
  }

  show(text: () => string): void {
    const now = performance.now();
    if (!this.#isTerminal || now - this.#shownAt < MS_BETWEEN_LINES) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#output.write(`\r\x1b[K${text()}`);
  }

  clear(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K');
    this.#isShown = false;
  }
}
