import { sharedColumn } from './shared-column.ts';

/** The least delayed packets of one run. */
export interface RunDelays {
  readonly run: number;
  /** Of simulcast. */
  readonly layer: number | undefined;
  /** A packet of each second: its media time, then when it came, from the recording's zero, ms. Flat, as a day has 86,400. */
  readonly samples: Float64Array;
}

/** Keeps of each run the least delayed packet of each second of arrival. */
export class LeastDelays {
  readonly #runs: { readonly run: number; readonly samples: number[] }[] = [];
  readonly #layer: number | undefined;
  #current: { readonly run: number; readonly samples: number[] } | undefined;
  #second = Number.NaN;
  #leastMs = 0;

  constructor(layer?: number) {
    this.#layer = layer;
  }

  take(run: number, mediaMs: number, atMs: number): void {
    let current = this.#current;
    if (current?.run !== run) {
      current = { run, samples: [] };
      this.#runs.push(current);
      this.#current = current;
      this.#second = Number.NaN;
    }
    const { samples } = current;
    const second = Math.floor(atMs / 1000);
    const delayMs = atMs - mediaMs;
    if (second !== this.#second) samples.push(mediaMs, atMs);
    else if (delayMs >= this.#leastMs) return;
    else {
      samples[samples.length - 2] = mediaMs;
      samples[samples.length - 1] = atMs;
    }
    this.#second = second;
    this.#leastMs = delayMs;
  }

  finish(): readonly RunDelays[] {
    return this.#runs.map(({ run, samples }) => ({
      run,
      layer: this.#layer,
      samples: sharedColumn(samples),
    }));
  }
}
