import type { MixPacket } from './mix-source.ts';

/** A packet of so many bytes holds no frame longer than a byte, which libopus takes for a lost one (opus_decoder.c). */
const NOTHING_BYTES = 2;

/**
 * Packets one by one from a source that gives them in batches; the next can be looked at before it is taken. Looking is
 * synchronous, for there are millions: first ask whether it `knows` so many, and `read` on where it does not.
 *
 * Those with which DTX says that nothing follows are left out, for the decoder would make up a loss, and dull what it
 * hears after one: the first word after a pause loses 10 dB for 40 ms.
 */
export class PacketQueue {
  readonly #batches: AsyncGenerator<readonly MixPacket[], void>;
  #batch: readonly MixPacket[] = [];
  #index = 0;
  #isAtEnd = false;
  /** Left out since the last packet that was not: what it said of its place holds for the next one. */
  #nothing: MixPacket | undefined;

  constructor(batches: AsyncGenerator<readonly MixPacket[], void>) {
    this.#batches = batches;
  }

  /** Whether the next `count` packets can be looked at, or there are no more. */
  knows(count: number): boolean {
    return this.#isAtEnd || this.#index + count <= this.#batch.length;
  }

  /** Reads on until it knows the next `count` packets. */
  async read(count: number): Promise<void> {
    while (!this.knows(count)) {
      const next = await this.#batches.next();
      if (next.done) this.#isAtEnd = true;
      else {
        this.#batch = [...this.#batch.slice(this.#index), ...this.#heard(next.value)];
        this.#index = 0;
      }
    }
  }

  /** The next packet, or one that comes so many after it; undefined at the end, and where it is not known yet. */
  peek(after = 0): MixPacket | undefined {
    return this.#batch[this.#index + after];
  }

  #heard(batch: readonly MixPacket[]): MixPacket[] {
    const heard: MixPacket[] = [];
    for (const packet of batch) {
      const before = this.#nothing;
      const joined =
        before === undefined
          ? packet
          : {
              ...packet,
              lossBefore: packet.lossBefore + before.lossBefore,
              continues: packet.continues && before.continues,
            };
      const isNothing = packet.bytes.length <= NOTHING_BYTES;
      this.#nothing = isNothing ? joined : undefined;
      if (!isNothing) heard.push(joined);
    }
    return heard;
  }

  /** Takes the packet that was looked at. */
  take(): void {
    this.#index++;
  }

  /** Closes the file that is being read. */
  async close(): Promise<void> {
    await this.#batches.return();
  }
}
