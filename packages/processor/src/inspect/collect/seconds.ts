/** What one second of a dump had, by time of arrival: the columns of a row. */
export const SECOND = {
  /** From the recording's zero. */
  second: 0,
  /** RTP packets of the media's own SSRCs, and what all RTP packets weighed. */
  packets: 1,
  bytes: 2,
  /** Packets that did not arrive by themselves, at the time of the last one before them that did. */
  lost: 3,
  /** Packets that came by RTX or RED in place of lost ones. */
  repaired: 4,
  /** The highest within the second. */
  jitterMs: 5,
  /** The longest time from one packet to the next that ended in it. */
  deltaMs: 6,
  /** Pictures of which something came. */
  sentFrames: 7,
  /** Pictures that could be shown, and their bytes. */
  frames: 8,
  frameBytes: 9,
  keyFrames: 10,
  /** The loudest audio level, dBov: 0 is as loud as can be; NaN where no packet carried one. */
  levelDbov: 11,
} as const;

export type SecondColumn = (typeof SECOND)[keyof typeof SECOND];

/** Where a second's row begins, for as long as the list is filled. */
export type SecondPlace = number;

const WIDTH = Object.keys(SECOND).length;

/** Columns of which the highest counts; of the others the sum. */
const HIGHEST: ReadonlySet<number> = new Set([SECOND.jitterMs, SECOND.deltaMs, SECOND.levelDbov]);

/** Rows one after the other, in the order of time: a call of an hour has 72,000, which as objects are most of a process's memory. */
export type SecondRows = Float64Array;

/** Seconds that had something: time without packets costs nothing, however long a dump claims to be. */
export class Seconds {
  #cells = new Float64Array(64 * WIDTH);
  #length = 0;
  /** Rows by their seconds, once they are not in the order of time. */
  #places: Map<number, number> | undefined;
  #lastSecond = Number.NaN;
  #lastPlace = 0;

  /** @param atMs from the recording's zero */
  at(atMs: number): SecondPlace {
    const second = Math.floor(atMs / 1000);
    if (second === this.#lastSecond) return this.#lastPlace;
    this.#lastSecond = second;
    this.#lastPlace = this.#placeOf(second) ?? this.#newRow(second);
    return this.#lastPlace;
  }

  add(place: SecondPlace, column: SecondColumn, value: number): void {
    this.#cells[place + column] = (this.#cells[place + column] as number) + value;
  }

  /** Keeps the highest. */
  raise(place: SecondPlace, column: SecondColumn, value: number): void {
    if (!((this.#cells[place + column] as number) >= value)) this.#cells[place + column] = value;
  }

  /** Adds what another list of seconds has. */
  merge(rows: SecondRows): void {
    for (let row = 0; row < rows.length; row += WIDTH) {
      const place = this.at((rows[row] as number) * 1000);
      for (let column = 1; column < WIDTH; column++) {
        const value = rows[row + column] as number;
        if (!HIGHEST.has(column)) this.add(place, column as SecondColumn, value);
        else if (!Number.isNaN(value)) this.raise(place, column as SecondColumn, value);
      }
    }
  }

  rows(): SecondRows {
    if (this.#places === undefined) return this.#cells.slice(0, this.#length);
    const sorted = new Float64Array(this.#length);
    const places = [...this.#places].sort(([a], [b]) => a - b);
    for (const [row, [, place]] of places.entries())
      sorted.set(this.#cells.subarray(place, place + WIDTH), row * WIDTH);
    return sorted;
  }

  #placeOf(second: number): number | undefined {
    if (this.#places !== undefined) return this.#places.get(second);
    const count = this.#length / WIDTH;
    if (count === 0 || this.#secondAt(count - 1) < second) return undefined;
    const row = firstRowFrom(this.#cells, count, second);
    if (this.#secondAt(row) === second) return row * WIDTH;
    const rows = Array.from({ length: count }, (_, each) => each);
    this.#places = new Map(rows.map((each) => [this.#secondAt(each), each * WIDTH]));
    return undefined;
  }

  #secondAt(row: number): number {
    return this.#cells[row * WIDTH] as number;
  }

  #newRow(second: number): number {
    const place = this.#length;
    this.#length += WIDTH;
    if (this.#length > this.#cells.length) {
      const larger = new Float64Array(2 * this.#cells.length);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells[place] = second;
    this.#cells[place + SECOND.levelDbov] = Number.NaN;
    this.#places?.set(second, place);
    return place;
  }
}

/** Adds up several lists of seconds. */
export function mergedSeconds(lists: readonly SecondRows[]): SecondRows {
  const [only, ...others] = lists;
  if (only !== undefined && others.length === 0) return only;
  const all = new Seconds();
  for (const rows of lists) all.merge(rows);
  return all.rows();
}

/** The number of a second's row, below 0 where it has none. */
export function rowOf(rows: SecondRows, second: number): number {
  const row = firstRowFrom(rows, countOf(rows), second);
  return rows[row * WIDTH] === second ? row : -1;
}

/** The first of so many rows, in the order of time, that is of this second or a later one. */
function firstRowFrom(cells: SecondRows, count: number, second: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cells[middle * WIDTH] as number) < second) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const countOf = (rows: SecondRows): number => rows.length / WIDTH;

/** One column of all rows. */
export function columnOf<Value = number>(
  rows: SecondRows,
  column: SecondColumn,
  told: (value: number) => Value,
): Value[] {
  return Array.from({ length: rows.length / WIDTH }, (_, row) => told(rows[row * WIDTH + column] as number));
}

/** The sum of a column, and its highest. */
export function totalOf(
  rows: SecondRows,
  column: SecondColumn,
): { readonly sum: number; readonly highest: number } {
  let sum = 0;
  let highest = 0;
  for (let at: number = column; at < rows.length; at += WIDTH) {
    const value = rows[at] as number;
    sum += value;
    if (value > highest) highest = value;
  }
  return { sum, highest };
}
