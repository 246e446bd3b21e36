import type { Blocks, Bus } from './mix-bus.ts';
import { SAMPLE_RATE } from './mix-source.ts';

/** A tenth of a second: what every window is a multiple of, so that its edges are whole ms. */
export const WINDOW_GRAIN = SAMPLE_RATE / 10;

export interface Window {
  readonly from: number;
  readonly to: number;
  readonly blocks: Blocks;
}

/** The bus's windows up to `samples`, the first longer by `lead`; those that other threads make are asked for ahead. */
export async function* windowsOf(
  bus: Bus,
  { samples, lead, channels }: { readonly samples: number; readonly lead: number; readonly channels: number },
): AsyncGenerator<Window, void> {
  const length = WINDOW_GRAIN * Math.max(1, Math.floor(bus.windowSamples / channels / WINDOW_GRAIN));
  const asked: Promise<Window>[] = [];
  let from = 0;
  while (from < samples || asked.length > 0) {
    for (; from < samples && asked.length <= bus.ahead; from = nextEdge(from)) {
      const window = ask(bus, from, nextEdge(from));
      window.catch(() => undefined);
      asked.push(window);
    }
    const next = await asked.shift();
    if (next !== undefined) yield next;
  }

  function nextEdge(edge: number): number {
    return Math.min(samples, edge === 0 ? length + lead : edge + length);
  }
}

const ask = async (bus: Bus, from: number, to: number): Promise<Window> => ({
  from,
  to,
  blocks: await bus.window(from, to),
});
