/** What goes wrong with a request. */
export type Fault =
  /** It takes effect and is never answered. */
  | { readonly kind: 'timeout' }
  /** It takes effect and is answered late. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** 429 with code 9; it takes no effect. */
  | { readonly kind: 'rateLimited'; readonly resetAfterMs: number }
  /** A proxy's 502 in HTML. */
  | { readonly kind: 'badGateway'; readonly effect: Effect }
  /** Something else answers in its place; it takes no effect. */
  | { readonly kind: 'otherAnswer'; readonly status: number; readonly body: string }
  /** The connection is reset instead of an answer. */
  | { readonly kind: 'reset'; readonly effect: Effect }
  /** It is answered as always; what it lets run, or stops, on its call ends without a file. */
  | { readonly kind: 'recordingFails' };

/** Whether the request is carried out before it goes wrong: the client cannot know. */
export type Effect = 'none' | 'done';

export interface FaultRule {
  readonly fault: Fault;
  /** The API's name of what is asked for, as in `StartRecording`. All, if not told. */
  readonly operation?: string;
  /** How many requests it hits at most; one, unless a share is told. */
  readonly times?: number;
  /** How many of those that match it hits, from 0 to 1, drawn by `seed`. */
  readonly share?: number;
  readonly seed?: number;
}

interface Armed {
  readonly rule: FaultRule;
  left: number;
  readonly draw: () => number;
}

/** The rules that wait for their requests; the first that hits takes effect. */
export class Faults {
  readonly #armed: Armed[] = [];

  add(rule: FaultRule): void {
    const left = rule.times ?? (rule.share === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.#armed.push({ rule, left, draw: draws(rule.seed ?? 1) });
  }

  next(operation: string): Fault | undefined {
    for (const armed of this.#armed) {
      const { operation: wanted, share } = armed.rule;
      if (armed.left === 0 || (wanted !== undefined && wanted !== operation)) continue;
      if (share !== undefined && armed.draw() >= share) continue;
      armed.left -= 1;
      return armed.rule.fault;
    }
    return undefined;
  }
}

/** Numbers from 0 to 1 that are the same for the same seed: a 32-bit linear congruential generator. */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
