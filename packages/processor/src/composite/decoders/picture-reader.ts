import type { Readable } from 'node:stream';

/** A picture that is being filled. */
interface Wanted {
  readonly picture: Uint8Array;
  filled: number;
  readonly done: (picture: Uint8Array | undefined) => void;
}

/** Takes pictures of given sizes from a pipe, the next one while the caller still has the one before. */
export class PictureReader {
  readonly #memory: readonly [Uint8Array, Uint8Array];
  #turn = 0;
  #pipe: Readable | undefined;
  #ahead: Promise<Uint8Array | undefined> | undefined;
  #wanted: Wanted | undefined;
  /** What came beyond a picture's end; lent by the pipe, which waits. */
  #rest: Uint8Array = new Uint8Array();
  #hasEnded = false;

  /** @param mostBytes of the largest picture */
  constructor(mostBytes: number) {
    this.#memory = [new Uint8Array(mostBytes), new Uint8Array(mostBytes)];
  }

  /** The pipe that is told to go on; no picture comes after its end. */
  follow(pipe: Readable): void {
    this.#pipe = pipe;
    const end = () => {
      this.#hasEnded = true;
      this.#wanted?.done(undefined);
    };
    pipe.on('end', end).on('close', end).on('error', end);
  }

  /** Whether more may come at once; else when the pipe is resumed. */
  receive(bytes: Uint8Array): boolean {
    this.#rest = bytes;
    this.#fill();
    return this.#rest.length === 0;
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

  #read(bytes: number): Promise<Uint8Array | undefined> {
    this.#turn = 1 - this.#turn;
    const picture = (this.#memory[this.#turn] as Uint8Array).subarray(0, bytes);
    return new Promise((done) => {
      this.#wanted = { picture, filled: 0, done };
      this.#fill();
      if (this.#wanted === undefined) return;
      if (this.#hasEnded) done(undefined);
      else this.#pipe?.resume();
    });
  }

  #fill(): void {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    const { picture, filled, done } = wanted;
    const taken = Math.min(this.#rest.length, picture.length - filled);
    picture.set(this.#rest.subarray(0, taken), filled);
    this.#rest = this.#rest.subarray(taken);
    wanted.filled += taken;
    if (wanted.filled < picture.length) return;
    this.#wanted = undefined;
    done(picture);
  }
}
