import type { MixPacket } from './mix-source.ts';

/** Packets one by one from a source that gives them in batches; the next can be looked at before it is taken. */
export class PacketQueue {
  readonly #batches: AsyncGenerator<readonly MixPacket[], void>;
  #batch: readonly MixPacket[] = [];
  #index = 0;

  constructor(batches: AsyncGenerator<readonly MixPacket[], void>) {
    this.#batches = batches;
  }

  /** The next packet, or one that comes so many after it; undefined at the end. */
  async peek(after = 0): Promise<MixPacket | undefined> {
    while (this.#index + after >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done) return undefined;
      this.#batch = [...this.#batch.slice(this.#index), ...next.value];
      this.#index = 0;
    }
    return this.#batch[this.#index + after];
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
