import { OpusDecoding } from './opus-decoding.ts';

/** A decoder takes some 2 MiB, so not every voice of a large call keeps one between its windows. */
const MOST_KEPT = 16;

/** Decoders for many voices, of which only one is rendered at a time. */
export class DecoderPool {
  readonly #free: OpusDecoding[] = [];
  readonly #isShared: boolean;

  constructor(voices: number) {
    this.#isShared = voices > MOST_KEPT;
  }

  async take(channels: 1 | 2): Promise<OpusDecoding> {
    const index = this.#free.findIndex((decoding) => decoding.channels === channels);
    const [free] = index < 0 ? [] : this.#free.splice(index, 1);
    return free ?? (await OpusDecoding.open(channels));
  }

  /** A voice has no more use for it. */
  give(decoding: OpusDecoding): void {
    this.#free.push(decoding);
  }

  /** Whether a voice must give its decoder back at the end of each window, and find its way in again. */
  get isShared(): boolean {
    return this.#isShared;
  }

  close(): void {
    for (const decoding of this.#free.splice(0)) decoding.close();
  }
}
