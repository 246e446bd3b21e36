/** A moment of a dump. */
interface Moment {
  readonly segment: number;
  /** Of the runs of that dump the one whose ticks it counts. */
  readonly run: number;
  readonly rtpTicks: number;
}

/** A frame of the source that was found in the file. */
export interface Sighting extends Moment {
  /** When it came, and how long it had been in the making by then: server's clock, unix ms; ms. */
  readonly receivedMs: number;
  readonly heldMs: number;
}

/** A sender report of one of the dumps. */
export interface SightedReport extends Moment {
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
  /** Server's clock, unix ms. */
  readonly receivedMs: number;
}

/** The least delayed frame of a second of the file. */
export interface Arrival {
  readonly atMs: number;
  /** Receive time less the time that the file gives the frame. */
  readonly delayMs: number;
}

/** A report, held against the time that the file gives the moment it is of. */
export interface Report {
  readonly atMs: number;
  /** The participant's clock less the file's time. */
  readonly offMs: number;
}

/** What the dumps of a track say of where it lies in a file; in the order of the file. */
export interface Testimony {
  readonly arrivals: readonly Arrival[];
  readonly reports: readonly Report[];
}

const SECOND_MS = 1000;

/** Below 0 where the one moment of the dumps is before the other. */
const compare = (one: Moment, other: Moment): number =>
  one.segment - other.segment || one.run - other.run || one.rtpTicks - other.rtpTicks;

/** Reports between two frames further apart than this were sent in a pause. DTX sends a packet every 400 ms. */
const LONGEST_GAP_MS = 1000;

/** Ticks and the file's time agree on what lies between two frames, to rounding and 1 % of rate; else the clock stood there. */
const ROUNDING_MS = 3;
const MOST_RATE = 0.015;

/** A report that came this long before or after the frames of its moment is of another: sent in a pause, or copied. */
const TOGETHER_MS = 400;

/** Reports that wait for a frame behind them: as many as a piece of a dump may hold, and then the farthest go. */
const MOST_WAITING = 4096;

/** Notes where a file has a track's frames, and what their dumps know of those moments: a few numbers a second. */
export class TimeWitness {
  readonly #ticksPerMs: number;
  readonly #arrivals: Arrival[] = [];
  readonly #reports: Report[] = [];
  /** In the order of what they are of. */
  readonly #waiting: SightedReport[] = [];
  #least: Arrival | undefined;
  #previous: (Sighting & { readonly timeMs: number }) | undefined;

  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1000;
  }

  /** A report; before the frame that follows it. */
  hear(report: SightedReport): void {
    const at = this.#waiting.findLastIndex((other) => compare(other, report) <= 0);
    this.#waiting.splice(at + 1, 0, report);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.pop();
  }

  /** Frames in the order of the file. @param timeMs where it has them, on any clock that is the file's */
  see(sighting: Sighting, timeMs: number): void {
    this.#arrive({ atMs: timeMs, delayMs: sighting.receivedMs - sighting.heldMs - timeMs });
    const previous = this.#previous;
    const isSame = previous?.segment === sighting.segment && previous.run === sighting.run;
    // Decoded later and shown earlier: between two that were seen already.
    if (isSame && sighting.rtpTicks < previous.rtpTicks) return;
    const [first] = this.#waiting;
    if (first !== undefined && compare(first, sighting) <= 0)
      this.#settle(isSame ? previous : undefined, sighting, timeMs);
    this.#previous = { ...sighting, timeMs };
  }

  get testimony(): Testimony {
    const last = this.#least === undefined ? [] : [this.#least];
    return { arrivals: [...this.#arrivals, ...last], reports: this.#reports };
  }

  #arrive(arrival: Arrival): void {
    const least = this.#least;
    const isSameSecond =
      least !== undefined && Math.floor(least.atMs / SECOND_MS) === Math.floor(arrival.atMs / SECOND_MS);
    if (isSameSecond && least.delayMs <= arrival.delayMs) return;
    if (least !== undefined && !isSameSecond) this.#arrivals.push(least);
    this.#least = arrival;
  }

  #settle(
    before: (Sighting & { readonly timeMs: number }) | undefined,
    after: Sighting,
    timeMs: number,
  ): void {
    const later = this.#waiting.findIndex((report) => compare(report, after) > 0);
    const settled = this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
    if (before === undefined) return;
    for (const report of settled)
      if (compare(report, before) >= 0) this.#report(report, before, after, timeMs);
  }

  #report(
    { rtpTicks, ntpMs, receivedMs }: SightedReport,
    before: Sighting & { readonly timeMs: number },
    after: Sighting,
    timeMs: number,
  ): void {
    const ticks = after.rtpTicks - before.rtpTicks;
    const mediaMs = ticks / this.#ticksPerMs;
    const gapMs = timeMs - before.timeMs;
    const share = ticks === 0 ? 1 : (rtpTicks - before.rtpTicks) / ticks;
    const cameMs = before.receivedMs + share * (after.receivedMs - before.receivedMs);
    if (mediaMs > LONGEST_GAP_MS || Math.abs(gapMs - mediaMs) > ROUNDING_MS + MOST_RATE * mediaMs) return;
    if (Math.abs(receivedMs - cameMs) > TOGETHER_MS) return;
    const atMs = before.timeMs + share * gapMs;
    const last = this.#reports.at(-1);
    // Sent twice.
    if (last !== undefined && atMs <= last.atMs) return;
    this.#reports.push({ atMs, offMs: ntpMs - atMs });
  }
}
