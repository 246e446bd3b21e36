import type { CodedFrame } from '@rawreel/rtp';

/**
 * About as many packets as a clock at 500 ppm takes to move on by a third of a packet: what is quiet among them is
 * likely to come once more while the place for a take-up is looked for.
 */
const REMEMBERED_PACKETS = 512;

/**
 * Quiet is a packet with no more than this share of clearly quieter ones lately. A share, since neither levels nor sizes
 * mean the same from one microphone to the next; a tenth, since any speaker pauses more than that.
 */
const QUIETEST_SHARE = 0.1;

/** Packets of one pause are as quiet as each other within this. */
const CLEARLY_DB = 3;

/** libopus has coded digital silence in 32 and in 35 bytes within one stream. */
const CLEARLY_SMALLER = 0.8;

const LEVEL_UNKNOWN = -1;

/**
 * Tells a quiet packet from what came before it: by its level (RFC 6464), or by its size where the sender gives none. Opus
 * at a variable rate spends least on a pause; at a constant rate every packet is as good as the next.
 */
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
    const quieter = level === undefined ? this.#smallerThan(bytesPerTick(frame)) : this.#quieterThan(level);
    return quieter <= QUIETEST_SHARE * this.#remembered;
  }

  #quieterThan(level: number): number {
    let quieter = 0;
    for (const other of this.#levels) if (other > level + CLEARLY_DB) quieter++;
    return quieter;
  }

  #smallerThan(size: number): number {
    let smaller = 0;
    for (const other of this.#bytesPerTick.subarray(0, this.#remembered))
      if (other < CLEARLY_SMALLER * size) smaller++;
    return smaller;
  }

  get #remembered(): number {
    return Math.min(this.#packets, REMEMBERED_PACKETS);
  }
}

const bytesPerTick = ({ byteLength, durationTicks = 1 }: CodedFrame): number => byteLength / durationTicks;
