import type { Observation } from './target.ts';

/** Features seen so far, as hashes: the engine's idea of what it has not seen a reader do yet. */
export class Novelty implements Observation {
  readonly #seen = new Set<number>();
  #fresh = 0;
  #outputs = 0;

  /** Forgets what the last execution brought; what it had seen stays seen. */
  begin(): void {
    this.#fresh = 0;
    this.#outputs = 0;
  }

  get fresh(): number {
    return this.#fresh;
  }
  get outputs(): number {
    return this.#outputs;
  }
  get size(): number {
    return this.#seen.size;
  }

  feature(kind: string, value = 0): void {
    let hash = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b);
    for (let at = 0; at < kind.length; at += 1) hash = Math.imul(hash ^ kind.charCodeAt(at), 0x01000193);
    const before = this.#seen.size;
    this.#seen.add(hash ^ (hash >>> 15));
    if (this.#seen.size > before) this.#fresh += 1;
  }

  output(count: number): void {
    this.#outputs += count;
  }
}
