import type { Readable } from 'node:stream';

/** Takes pictures of given sizes from a pipe, the next one while the caller still has the one before. */
export class PictureReader {
  readonly #pipe: Readable;
  readonly #memory: readonly [Uint8Array, Uint8Array];
  #turn = 0;
  #ahead: Promise<Uint8Array | undefined> | undefined;
  /** What was read beyond a picture's end. */
  #rest: Uint8Array = new Uint8Array();
  #hasEnded = false;
  #wake: (() => void) | undefined;

  /** @param mostBytes of the largest picture */
  constructor(pipe: Readable, mostBytes: number) {
    this.#pipe = pipe;
    this.#memory = [new Uint8Array(mostBytes), new Uint8Array(mostBytes)];
    const end = () => {
      this.#hasEnded = true;
      this.#wake?.();
    };
    pipe.on('readable', () => this.#wake?.());
    pipe.on('end', end).on('close', end).on('error', end);
  }

  /**
   * The next picture, whose memory is the caller's until the one after it is taken; undefined where there is none.
   *
   * @param bytes its length
   * @param nextBytes the length of the one after it; undefined where this is the last
   */
  async take(bytes: number, nextBytes: number | undefined): Promise<Uint8Array | undefined> {
    const picture = await (this.#ahead ?? this.#read(bytes));
    this.#ahead = nextBytes === undefined ? undefined : this.#read(nextBytes);
    return picture;
  }

  async #read(bytes: number): Promise<Uint8Array | undefined> {
    this.#turn = 1 - this.#turn;
    const picture = (this.#memory[this.#turn] as Uint8Array).subarray(0, bytes);
    let filled = 0;
    for (;;) {
      const taken = Math.min(this.#rest.length, bytes - filled);
      picture.set(taken === this.#rest.length ? this.#rest : this.#rest.subarray(0, taken), filled);
      filled += taken;
      this.#rest = this.#rest.subarray(taken);
      if (filled === bytes) return picture;
      const chunk: Uint8Array | null = this.#pipe.read();
      if (chunk !== null) this.#rest = chunk;
      else if (this.#hasEnded) return undefined;
      else await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
