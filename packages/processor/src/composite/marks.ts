import type { Marked } from '../plan/scene-list.ts';
import { pictureAt } from './decoders/shot.ts';

/** Who is marked, asked for from one picture to the next. */
export class Marks {
  readonly #waiting: Marked[];
  readonly #fps: number;
  #current: Marked[] = [];

  constructor(speaking: readonly Marked[], fps: number) {
    this.#waiting = speaking.toSorted((a, b) => b.startMs - a.startMs);
    this.#fps = fps;
  }

  at(number: number): ReadonlySet<string> {
    for (let next = this.#waiting.at(-1); next !== undefined; next = this.#waiting.at(-1)) {
      if (pictureAt(next.startMs, this.#fps) > number) break;
      this.#current.push(next);
      this.#waiting.pop();
    }
    this.#current = this.#current.filter(({ endMs }) => pictureAt(endMs, this.#fps) > number);
    return new Set(this.#current.map(({ userId }) => userId));
  }
}
