/** Received packets between two losses that end a burst, as RFC 3611 §4.7.2 recommends. */
export const GMIN = 16;

/** A dump of nothing but bursts is told by its counts. */
const MOST_BURSTS = 10_000;

/** A stretch with many losses: from the last packet that arrived before it to the first behind it, ms from the recording's zero. */
export interface LossBurst {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Sequence numbers from its first loss to its last. */
  readonly packets: number;
  readonly lost: number;
}

/** Sums over all bursts and gaps, of which the densities and durations of RFC 3611 §4.7.2 are made. */
export interface BurstCounts {
  readonly bursts: number;
  readonly burstPackets: number;
  readonly burstLost: number;
  readonly burstMs: number;
  /** Packets outside of bursts, and how many of those were lost, each alone among 16 on both sides. */
  readonly gapPackets: number;
  readonly gapLost: number;
}

/**
 * Bursts and gaps (RFC 3611 §4.7.2, Gmin 16): a burst begins and ends with a lost packet, has at least two, and never 16 or
 * more received ones in a row; all else is a gap. Take packets in the order of sequence numbers.
 */
export class LossBursts {
  readonly #list: LossBurst[] = [];
  readonly #counts = { bursts: 0, burstPackets: 0, burstLost: 0, burstMs: 0, gapPackets: 0, gapLost: 0 };
  #open: { fromMs: number; untilMs: number; packets: number; lost: number } | undefined;
  /** Received since the last loss. */
  #since = GMIN;
  #lastMs = 0;

  received(atMs: number): void {
    if (this.#since === 0 && this.#open !== undefined) this.#open.untilMs = Math.max(atMs, this.#lastMs);
    this.#since++;
    this.#lastMs = atMs;
    if (this.#open === undefined) this.#counts.gapPackets++;
    else if (this.#since === GMIN) this.#close();
  }

  lost(): void {
    if (this.#open === undefined) {
      this.#open = { fromMs: this.#lastMs, untilMs: this.#lastMs, packets: 1, lost: 1 };
    } else {
      this.#open.packets += this.#since + 1;
      this.#open.lost++;
    }
    this.#since = 0;
  }

  finish(): { readonly list: readonly LossBurst[]; readonly counts: BurstCounts } {
    this.#close();
    return { list: this.#list, counts: this.#counts };
  }

  #close(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#counts.gapPackets += this.#since;
    if (open.lost === 1) {
      this.#counts.gapPackets++;
      this.#counts.gapLost++;
      return;
    }
    this.#counts.bursts++;
    this.#counts.burstPackets += open.packets;
    this.#counts.burstLost += open.lost;
    this.#counts.burstMs += open.untilMs - open.fromMs;
    if (this.#list.length < MOST_BURSTS) this.#list.push(open);
  }
}
