import { type EbmlElement, master, put, uint } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';
import { idLength, putId, putSize, sizeLength } from '../ebml/vint.ts';

/**
 * Two cues of one track are at least this far apart. A video of key frames only would otherwise have one for
 * each frame: a day of that at 30 fps is 2.6 million, against 170,000 this way.
 */
const MIN_DISTANCE_MS = 500;

/** Id and size of Cues, at most; they are put directly before the points once those are counted. */
const HEAD_ROOM = 12;

/** A point of one track, every number as large as it can get; where tracks share a point it is less for each. */
const MAX_POINT_LENGTH = 40;

/** Numbers of one cue in the flat list: time, track, cluster, relative. */
const STRIDE = 4;

/** Collects seek points as plain numbers, four for each, and writes them as Cues (RFC 9559 §5.1.5) at the end. */
export class CueIndex {
  readonly #numbers: number[] = [];
  readonly #lastMs = new Map<number, number>();

  /** @param clusterAt Position in the segment. @param relativeAt Position of the block in the cluster's content. */
  add(timestampMs: number, track: number, clusterAt: number, relativeAt: number): void {
    const last = this.#lastMs.get(track);
    if (last !== undefined && timestampMs - last < MIN_DISTANCE_MS) return;
    this.#lastMs.set(track, timestampMs);
    this.#numbers.push(timestampMs, track, clusterAt, relativeAt);
  }

  /**
   * Undefined when nothing can be sought: Cues must not be empty. Points come in time order, with one for all tracks that
   * have a cue at the same time, and are made one by one: as one tree those of a day would be tens of megabytes.
   */
  encode(): Uint8Array | undefined {
    const cues = this.#numbers.length / STRIDE;
    if (cues === 0) return undefined;
    const order = Array.from({ length: cues }, (_, cue) => cue * STRIDE);
    // Cues of one track come in order; a track that came late has its own behind those of the others.
    order.sort((a, b) => this.#at(a) - this.#at(b) || this.#at(a + 1) - this.#at(b + 1));
    const bytes = new Uint8Array(HEAD_ROOM + cues * MAX_POINT_LENGTH);
    let end = HEAD_ROOM;
    for (let from = 0; from < cues; ) {
      const timestampMs = this.#at(order[from] as number);
      let to = from + 1;
      while (to < cues && this.#at(order[to] as number) === timestampMs) to++;
      end = put(bytes, end, this.#point(timestampMs, order.slice(from, to)));
      from = to;
    }
    const length = end - HEAD_ROOM;
    const start = HEAD_ROOM - sizeLength(length) - idLength(Id.Cues);
    putSize(bytes, putId(bytes, start, Id.Cues), length);
    return bytes.subarray(start, end);
  }

  #point(timestampMs: number, cues: readonly number[]): EbmlElement {
    return master(Id.CuePoint, [
      // The RFC's table says nanoseconds; every writer and reader there is takes segment ticks, here milliseconds.
      uint(Id.CueTime, timestampMs),
      ...cues.map((cue) => this.#positions(cue)),
    ]);
  }

  #positions(cue: number): EbmlElement {
    return master(Id.CueTrackPositions, [
      uint(Id.CueTrack, this.#at(cue + 1)),
      uint(Id.CueClusterPosition, this.#at(cue + 2)),
      uint(Id.CueRelativePosition, this.#at(cue + 3)),
    ]);
  }

  #at(index: number): number {
    return this.#numbers[index] as number;
  }
}
