/** What one second of a dump had, by time of arrival. */
export interface Second {
  /** From the recording's zero. */
  readonly second: number;
  /** RTP packets of the media's own SSRCs, and what all RTP packets weighed. */
  packets: number;
  bytes: number;
  /** Packets that did not arrive by themselves, at the time of the last one before them that did. */
  lost: number;
  /** Packets that came by RTX or RED in place of lost ones. */
  repaired: number;
  /** The highest within the second. */
  jitterMs: number;
  /** The longest time from one packet to the next that ended in it. */
  deltaMs: number;
  /** Pictures of which something came. */
  sentFrames: number;
  /** Pictures that could be shown, and their bytes. */
  frames: number;
  frameBytes: number;
  keyFrames: number;
  /** The loudest audio level, dBov: 0 is as loud as can be; undefined where no packet carried one. */
  levelDbov: number | undefined;
}

/** Seconds that had something: time without packets costs nothing, however long a dump claims to be. */
export class Seconds {
  readonly #seconds = new Map<number, Second>();
  #last: Second | undefined;

  /** @param atMs from the recording's zero */
  at(atMs: number): Second {
    const second = Math.floor(atMs / 1000);
    if (this.#last?.second === second) return this.#last;
    let found = this.#seconds.get(second);
    if (found === undefined) {
      found = emptySecond(second);
      this.#seconds.set(second, found);
    }
    this.#last = found;
    return found;
  }

  /** In the order of time. */
  sorted(): Second[] {
    return [...this.#seconds.values()].sort((a, b) => a.second - b.second);
  }
}

const emptySecond = (second: number): Second => ({
  second,
  packets: 0,
  bytes: 0,
  lost: 0,
  repaired: 0,
  jitterMs: 0,
  deltaMs: 0,
  sentFrames: 0,
  frames: 0,
  frameBytes: 0,
  keyFrames: 0,
  levelDbov: undefined,
});

/** Adds what another list of seconds has; both are left as they are. */
export function mergedSeconds(lists: readonly (readonly Second[])[]): Second[] {
  const all = new Seconds();
  for (const each of lists.flat()) {
    const sum = all.at(each.second * 1000);
    sum.packets += each.packets;
    sum.bytes += each.bytes;
    sum.lost += each.lost;
    sum.repaired += each.repaired;
    sum.jitterMs = Math.max(sum.jitterMs, each.jitterMs);
    sum.deltaMs = Math.max(sum.deltaMs, each.deltaMs);
    sum.sentFrames += each.sentFrames;
    sum.frames += each.frames;
    sum.frameBytes += each.frameBytes;
    sum.keyFrames += each.keyFrames;
    sum.levelDbov = loudest(sum.levelDbov, each.levelDbov);
  }
  return all.sorted();
}

export const loudest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined ? other : other === undefined ? one : Math.max(one, other);
