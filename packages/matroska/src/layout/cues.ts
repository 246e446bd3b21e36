import { type EbmlElement, encode, master, uint } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';

/**
 * Two cues of one track are at least this far apart. A video of key frames only would otherwise have one for
 * each frame: a day of that at 30 fps is 2.6 million, against 170,000 this way.
 */
const MIN_DISTANCE_MS = 500;

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

  /** Undefined when nothing can be sought: Cues must not be empty. */
  encode(): Uint8Array | undefined {
    if (this.#numbers.length === 0) return undefined;
    return encode(master(Id.Cues, this.#points()));
  }

  /** In time order, with one point for all tracks that have a cue at the same time. */
  #points(): EbmlElement[] {
    const order = Array.from({ length: this.#numbers.length / STRIDE }, (_, cue) => cue * STRIDE);
    // Cues of one track come in order; a track that came late has its own behind those of the others.
    order.sort((a, b) => this.#at(a) - this.#at(b) || this.#at(a + 1) - this.#at(b + 1));
    const points: EbmlElement[] = [];
    for (let from = 0; from < order.length; ) {
      const timestampMs = this.#at(order[from] as number);
      let to = from + 1;
      while (to < order.length && this.#at(order[to] as number) === timestampMs) to++;
      points.push(
        master(Id.CuePoint, [
          // The RFC's table says nanoseconds; every writer and reader there is takes segment ticks, here milliseconds.
          uint(Id.CueTime, timestampMs),
          ...order.slice(from, to).map((cue) => this.#positions(cue)),
        ]),
      );
      from = to;
    }
    return points;
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
