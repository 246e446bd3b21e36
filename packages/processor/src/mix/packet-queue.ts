import type { MixPacket } from './mix-source.ts';

/** A packet of so many bytes holds no frame longer than a byte, which libopus takes for a lost one (opus_decoder.c). */
const NOTHING_BYTES = 2;

/**
 * Packets one by one from a source that gives them in batches; the next can be looked at before it is taken.
 *
 * Those with which DTX says that nothing follows are left out, for the decoder would make up a loss, and dull what it
 * hears after one: the first word after a pause loses 10 dB for 40 ms.
 */
export class PacketQueue {
  readonly #batches: AsyncGenerator<readonly MixPacket[], void>;
  #batch: readonly MixPacket[] = [];
  #index = 0;
  /** Left out since the last packet that was not: what it said of its place holds for the next one. */
  #nothing: MixPacket | undefined;

  constructor(batches: AsyncGenerator<readonly MixPacket[], void>) {
    this.#batches = batches;
  }

  /** The next packet, or one that comes so many after it; undefined at the end. */
  async peek(after = 0): Promise<MixPacket | undefined> {
    while (this.#index + after >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done) return undefined;
      this.#batch = [...this.#batch.slice(this.#index), ...this.#heard(next.value)];
      this.#index = 0;
    }
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
