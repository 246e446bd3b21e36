import type { CodedFrame } from '@rawreel/rtp';

/**
 * About as many packets as a clock at 500 ppm takes to move on by a third of a packet: what is quiet among them is
 * likely to come once more while the place for a take-up is looked for.
 */
const REMEMBERED_PACKETS = 512;

/** A level counts as quiet when no more than this share of the packets lately was quieter: a pause of any speaker. */
const QUIETEST_SHARE = 0.1;

/** Opus at a variable rate spends on a pause less than half of what it spends on speech. */
const SMALL_AGAINST_MEDIAN = 0.5;

const LEVEL_UNKNOWN = -1;

/** Tells a quiet packet from what came before it: by its level (RFC 6464), or by its size where the sender gives none. */
export class RecentLoudness {
  /** In -dBov: the higher the quieter. */
  readonly #levels = new Int8Array(REMEMBERED_PACKETS).fill(LEVEL_UNKNOWN);
  readonly #bytesPerTick = new Float64Array(REMEMBERED_PACKETS);
  #packets = 0;

  remember(frame: CodedFrame): void {
    const at = this.#packets % REMEMBERED_PACKETS;
    this.#levels[at] = frame.audioLevel?.level ?? LEVEL_UNKNOWN;
    this.#bytesPerTick[at] = bytesPerTick(frame);
    this.#packets++;
  }

  isQuiet(frame: CodedFrame): boolean {
    const level = frame.audioLevel?.level;
    return level === undefined ? this.#isSmall(bytesPerTick(frame)) : this.#isAmongQuietest(level);
  }

  #isAmongQuietest(level: number): boolean {
    let quieter = 0;
    for (const other of this.#levels) if (other > level) quieter++;
    return quieter <= QUIETEST_SHARE * this.#remembered;
  }

  #isSmall(size: number): boolean {
    const sizes = this.#bytesPerTick.subarray(0, this.#remembered);
    let muchLarger = 0;
    for (const other of sizes) if (size <= SMALL_AGAINST_MEDIAN * other) muchLarger++;
    return muchLarger > sizes.length / 2;
  }

  get #remembered(): number {
    return Math.min(this.#packets, REMEMBERED_PACKETS);
  }
}

const bytesPerTick = ({ byteLength, durationTicks = 1 }: CodedFrame): number => byteLength / durationTicks;
