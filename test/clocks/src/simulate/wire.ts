import { stepsBy } from './clocks.ts';
import type { NetworkPlan } from './plan.ts';
import type { Random } from './random.ts';

/** Between two packets that arrive as fast as a line carries them, ms. */
const LINE_MS = 0.05;
/** The longest detour: within what any receiver waits for. */
const LONGEST_DETOUR_MS = 250;

/** One track's way through its participant's network: in order, but for detours. */
export class Wire {
  readonly #plan: NetworkPlan;
  readonly #random: Random;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(plan: NetworkPlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
  }

  /** When what is sent now arrives; undefined where it is lost. Must be asked in the order of sending. */
  arrival(sentMs: number): number | undefined {
    const { baseMs, routes, lossShare, reorderedShare } = this.#plan;
    if (this.#random.chance(this.#isStorm(sentMs) ?? lossShare)) return undefined;
    const route = routes.length === 0 ? 0 : stepsBy(routes, sentMs);
    const freeMs = sentMs + baseMs + route + this.#queued(sentMs) + this.#jitter();
    const atMs = this.#thawed(freeMs);
    if (reorderedShare > 0 && this.#random.chance(reorderedShare))
      return Math.max(atMs, this.#lastMs) + this.#random.between(5, LONGEST_DETOUR_MS);
    this.#lastMs = Math.max(atMs, this.#lastMs + LINE_MS);
    return this.#lastMs;
  }

  #isStorm(atMs: number): number | undefined {
    for (const { fromMs, toMs, lossShare } of this.#plan.storms)
      if (atMs >= fromMs && atMs < toMs) return lossShare;
    return undefined;
  }

  #queued(atMs: number): number {
    let most = 0;
    for (const { fromMs, fullMs, drainMs, toMs, heightMs } of this.#plan.queues) {
      if (atMs <= fromMs || atMs >= toMs) continue;
      const share = Math.min(1, (atMs - fromMs) / (fullMs - fromMs), (toMs - atMs) / (toMs - drainMs));
      most = Math.max(most, heightMs * share);
    }
    return most;
  }

  #thawed(atMs: number): number {
    for (const { fromMs, toMs } of this.#plan.freezes) if (atMs >= fromMs && atMs < toMs) return toMs;
    return atMs;
  }

  #jitter(): number {
    const { kind, scaleMs } = this.#plan.jitter;
    const random = this.#random;
    switch (kind) {
      case 'uniform':
        return random.between(0, 2 * scaleMs);
      case 'normal':
        return Math.abs(random.normal(scaleMs));
      case 'exponential':
        return random.exponential(scaleMs);
      case 'heavy-tailed':
        return Math.min(40 * scaleMs, scaleMs * ((1 - random.next()) ** -0.6 - 1));
    }
  }
}
