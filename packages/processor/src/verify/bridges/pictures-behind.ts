import { Tally } from '../tally.ts';

/** Time of a file that has filler, ms. */
export interface Bridge {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A decoded picture: its time in the file, and what its pixels sum up to. */
export interface Picture {
  readonly atMs: number;
  readonly hash: number;
}

/** What a bridge does to a decoder shows at once and ends with a key frame: no camera goes without one for so long. */
const LOOKED_AT_MS = 120_000;

/** A file's times are rounded, and a decoder's guesses where pictures are not shown in the order of decoding. */
const NEAR_MS = 500;

/** Filler ends this much before the frame behind it at the least. */
const ROUNDING_MS = 2;

/** One alone may be a decoder's, which gives out the last ones of a stream or not. */
const FEWEST_IN_A_ROW = 2;

/** The pictures of a file behind its bridges: the same as its source's, of about the same time, and all of those. */
export class PicturesBehind {
  readonly #inFile: BehindBridges;
  readonly #inSource: BehindBridges;
  readonly #shown: { readonly picture: Picture; isFound: boolean }[] = [];
  readonly #missing = new Rows();
  /** The first that may be near the source's next. */
  #from = 0;

  /** @param bridges in the order of time */
  constructor(bridges: readonly Bridge[]) {
    this.#inFile = new BehindBridges(bridges);
    this.#inSource = new BehindBridges(bridges);
  }

  /** The file's next picture. */
  readonly ofFile = (picture: Picture): void => {
    if (this.#inFile.has(picture.atMs)) this.#shown.push({ picture, isFound: false });
  };

  /** The source's next picture, once the file has no more. */
  readonly ofSource = ({ atMs, hash }: Picture): void => {
    const timeAt = (index: number) => this.#shown[index]?.picture.atMs ?? Number.POSITIVE_INFINITY;
    while (timeAt(this.#from) < atMs - NEAR_MS) this.#from++;
    let isShown = false;
    for (let index = this.#from; timeAt(index) <= atMs + NEAR_MS; index++) {
      const shown = this.#shown[index];
      if (shown?.picture.hash !== hash) continue;
      shown.isFound = true;
      isShown = true;
    }
    if (this.#inSource.has(atMs)) this.#missing.see(atMs, !isShown);
  };

  /** Those that the source does not have. */
  get foreign(): Tally {
    const rows = new Rows();
    for (const { picture, isFound } of this.#shown) rows.see(picture.atMs, !isFound);
    return rows.tally;
  }

  /** Those of the source that the file does not show. */
  get missing(): Tally {
    return this.#missing.tally;
  }
}

/** Times in their order, of which each is behind a bridge or not. */
class BehindBridges {
  readonly #bridges: readonly Bridge[];
  /** The last one that was begun. */
  #current = -1;

  constructor(bridges: readonly Bridge[]) {
    this.#bridges = bridges;
  }

  has(atMs: number): boolean {
    while (atMs >= (this.#bridges[this.#current + 1]?.fromMs ?? Number.POSITIVE_INFINITY) - ROUNDING_MS)
      this.#current++;
    const { toMs } = this.#bridges[this.#current] ?? { toMs: Number.POSITIVE_INFINITY };
    return atMs >= toMs - ROUNDING_MS && atMs < toMs + LOOKED_AT_MS;
  }
}

/** Counts what there is several of in a row. */
class Rows {
  readonly tally = new Tally();
  #row: number[] = [];

  see(atMs: number, counts: boolean): void {
    if (!counts) {
      this.#row = [];
      return;
    }
    this.#row.push(atMs);
    if (this.#row.length < FEWEST_IN_A_ROW) return;
    for (const ms of this.#row.length === FEWEST_IN_A_ROW ? this.#row : [atMs]) this.tally.note(ms);
  }
}
