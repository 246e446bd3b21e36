import type { Bounds, CallClass } from './classes.ts';
import { betweenPeople, quantile, type SessionError } from './measure.ts';
import type { CallResult } from './run-call.ts';

/** Classes of error: a tenth of a millisecond each up to a second, then a millisecond each. */
const FINE = 10_000;
const COARSE = 100_000;

/** Sums the calls of one class up. */
export class Tally {
  readonly of: CallClass;
  readonly #errors = new Uint32Array(FINE + COARSE);
  readonly #between: number[] = [];
  #calls = 0;
  #packets = 0;
  #sessions = 0;
  #honest = 0;
  #leftOut = 0;
  #worst = { seed: 0, ms: -1 };
  readonly #took = { simulateMs: 0, scanMs: 0, solveMs: 0 };

  constructor(of: CallClass) {
    this.of = of;
  }

  add(seed: number, { sessions, took }: CallResult): void {
    this.#calls++;
    for (const session of sessions) this.#addSession(session);
    const between = pairs(sessions).map(([a, b]) => betweenPeople(a, b));
    this.#between.push(...between);
    const ms = Math.max(...between, ...sessions.map(({ within }) => within(0.999)));
    if (ms > this.#worst.ms) this.#worst = { seed, ms };
    for (const step of ['simulateMs', 'scanMs', 'solveMs'] as const) this.#took[step] += took[step];
  }

  #addSession({ ofTracks, isHonest, leftOut }: SessionError): void {
    this.#sessions++;
    if (isHonest) this.#honest++;
    this.#leftOut += leftOut;
    for (const { errors } of ofTracks) {
      this.#packets += errors.length;
      for (const error of errors) {
        const bin = error < FINE / 10 ? Math.floor(error * 10) : FINE + Math.floor(error - FINE / 10);
        (this.#errors[Math.min(bin, FINE + COARSE - 1)] as number)++;
      }
    }
  }

  get figures(): Figures {
    const between = Float64Array.from(this.#between).sort();
    return {
      calls: this.#calls,
      packets: this.#packets,
      within: (share) => this.#quantile(share),
      participantsMs: quantile(between, 0.99),
      honest: this.#honest / this.#sessions,
      leftOut: this.#leftOut,
      worstSeed: this.#worst.seed,
      worstMs: this.#worst.ms,
      took: this.#took,
    };
  }

  /** The upper end of the class of error in which it lies. */
  #quantile(share: number): number {
    let left = Math.ceil(share * this.#packets);
    const bin = this.#errors.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return bin < FINE ? (bin + 1) / 10 : FINE / 10 + bin - FINE + 1;
  }
}

/** What was measured in the calls of one class. */
export interface Figures {
  readonly calls: number;
  readonly packets: number;
  /** Quantile of how far packets are from their session's median error, ms. */
  readonly within: (share: number) => number;
  /** p99 of how far people are apart, ms. */
  readonly participantsMs: number;
  readonly honest: number;
  readonly leftOut: number;
  readonly worstSeed: number;
  readonly worstMs: number;
  readonly took: { readonly simulateMs: number; readonly scanMs: number; readonly solveMs: number };
}

/** What is beyond its bound, in words; none where the class is met. */
export function misses(figures: Figures, { within, participantsMs, honest, leftOut }: Bounds): string[] {
  const ms = figures.within(within.quantile);
  return [
    ...(ms > within.ms ? [`p${100 * within.quantile} ${ms.toFixed(1)} > ${within.ms} ms`] : []),
    ...(figures.participantsMs > participantsMs
      ? [`participants ${figures.participantsMs.toFixed(1)} > ${participantsMs} ms`]
      : []),
    ...(figures.honest < honest
      ? [`within uncertainty ${percent(figures.honest)} < ${percent(honest)}`]
      : []),
    ...(figures.leftOut > leftOut ? [`${figures.leftOut} packets left out`] : []),
  ];
}

export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const pairs = (sessions: readonly SessionError[]): [SessionError, SessionError][] =>
  sessions.flatMap((a, index) => sessions.slice(index + 1).map((b): [SessionError, SessionError] => [a, b]));
