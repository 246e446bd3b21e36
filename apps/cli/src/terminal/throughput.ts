/** Long enough to be calm, short enough to follow a machine that gets something else to do. */
const WINDOW_MS = 10_000;
/** Too early a guess jumps about; none is better. */
const FIRST_GUESS_MS = 500;
const MS_BETWEEN_SAMPLES = 100;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** How fast some work really goes, from what of it was done in the last seconds. */
export class Throughput {
  readonly #samples: Sample[];

  /** @param startsAt absent: the work takes some time to get going, and counts from what is first done of it */
  constructor(startsAt?: number) {
    this.#samples = startsAt === undefined ? [] : [{ at: startsAt, bytes: 0 }];
  }

  /** @param bytes all that is done by now */
  add(at: number, bytes: number): void {
    const samples = this.#samples;
    const before = samples.at(-1);
    if (samples.length > 1 && before !== undefined && at - before.at < MS_BETWEEN_SAMPLES) samples.pop();
    samples.push({ at, bytes });
    while ((samples[1]?.at ?? at) < at - WINDOW_MS) samples.shift();
  }

  /** Bytes for each second; undefined while it is unknown. */
  get perSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.bytes <= first.bytes) return undefined;
    const elapsed = last.at - first.at;
    return elapsed < FIRST_GUESS_MS ? undefined : ((last.bytes - first.bytes) / elapsed) * 1000;
  }

  /** Undefined while it is unknown. */
  msLeft(bytes: number): number | undefined {
    const { perSecond } = this;
    return perSecond === undefined ? undefined : (bytes / perSecond) * 1000;
  }
}
