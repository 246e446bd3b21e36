const EXECUTIONS = 0;
const NOVEL = 1;
const LENGTH = 2;
const HEADER_BYTES = 16;
const MOST_BYTES = 256 * 1024;

/**
 * Memory that a worker writes its input into before each execution: when it hangs or dies, whoever watches it knows
 * with what, and how far it had come.
 */
export class SharedInput {
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + MOST_BYTES)) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.#bytes = new Uint8Array(buffer, HEADER_BYTES);
  }

  get executions(): number {
    return Atomics.load(this.#header, EXECUTIONS) >>> 0;
  }
  get novel(): number {
    return Atomics.load(this.#header, NOVEL);
  }

  begin(input: Uint8Array): void {
    const length = Math.min(input.length, MOST_BYTES);
    this.#bytes.set(length === input.length ? input : input.subarray(0, length));
    Atomics.store(this.#header, LENGTH, length);
    Atomics.add(this.#header, EXECUTIONS, 1);
  }

  executed(novel: boolean): void {
    if (novel) Atomics.add(this.#header, NOVEL, 1);
  }

  input(): Uint8Array {
    return this.#bytes.slice(0, Atomics.load(this.#header, LENGTH));
  }
}
