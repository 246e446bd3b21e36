import type { Report } from './call.ts';
import { participantMs } from './clocks.ts';
import type { PersonPlan, TrackPlan } from './plan.ts';
import type { Random } from './random.ts';
import type { Wire } from './wire.ts';

/** The packet that a report counts on from. */
export interface Anchor {
  readonly ssrc: number;
  readonly capturedMs: number;
  /** Not wrapped. */
  readonly ticks: number;
  readonly ticksPerMs: number;
}

/** Chromium's means: audio seldom, video with the pictures. */
const EVERY_MS = { audio: 5000, video: 1000 } as const;

/** Sends a track's reports between its packets. */
export class Reporter {
  readonly #person: PersonPlan;
  readonly #everyMs: number;
  readonly #startUnixMs: number;
  readonly #random: Random;
  readonly #wire: Wire;
  readonly #notBeforeMs: number;
  #nextMs = Number.POSITIVE_INFINITY;
  #last: Pick<Report, 'ssrc' | 'timestamp' | 'ntpMs' | 'sentMs' | 'offByMs'> | undefined;

  constructor(
    track: TrackPlan,
    {
      person,
      startUnixMs,
      wire,
      random,
    }: {
      readonly person: PersonPlan;
      readonly startUnixMs: number;
      readonly wire: Wire;
      readonly random: Random;
    },
  ) {
    this.#person = person;
    this.#everyMs = EVERY_MS[track.kind];
    this.#startUnixMs = startUnixMs;
    this.#wire = wire;
    this.#random = random;
    this.#notBeforeMs = track.fromMs + person.reports.firstAfterMs;
  }

  /** A segment begins with this packet. */
  begin(first: Anchor, into: Report[]): void {
    const { isSent, isBeforeMedia, firstAfterMs } = this.#person.reports;
    this.#last = undefined;
    if (!isSent) return;
    if (isBeforeMedia && firstAfterMs === 0)
      this.#send(first.capturedMs - this.#random.between(20, 1500), first, into);
    this.#nextMs = Math.max(
      first.capturedMs + this.#everyMs * this.#random.between(0.1, 0.6),
      this.#notBeforeMs,
    );
  }

  /** Sends what is due by then. `stoodSinceMs`: the track's clock has stood still since that moment. */
  until(untilMs: number, anchor: Anchor, into: Report[], stoodSinceMs?: number): void {
    for (; this.#nextMs <= untilMs; this.#nextMs += this.#everyMs * this.#random.between(0.5, 1.5))
      this.#send(this.#nextMs, anchor, into, stoodSinceMs);
  }

  #send(sentMs: number, anchor: Anchor, into: Report[], stoodSinceMs?: number): void {
    const { lostShare, repeatedShare } = this.#person.reports;
    const isRepeated = this.#last !== undefined && this.#random.chance(repeatedShare);
    const report =
      isRepeated && this.#last !== undefined ? this.#last : this.#fresh(sentMs, anchor, stoodSinceMs);
    this.#last = report;
    const arrivedMs = this.#wire.arrival(sentMs);
    if (arrivedMs !== undefined && !this.#random.chance(lostShare)) into.push({ ...report, arrivedMs });
  }

  #fresh(sentMs: number, anchor: Anchor, stoodSinceMs: number | undefined) {
    const { noiseMs, wrongShare, runsAhead } = this.#person.reports;
    const random = this.#random;
    const wrongByMs = random.chance(wrongShare) ? random.eitherWay(random.between(500, 5000)) : 0;
    const offByMs = random.between(-noiseMs, noiseMs) + wrongByMs;
    const countedToMs = runsAhead ? sentMs : Math.min(sentMs, stoodSinceMs ?? sentMs);
    const ticks = Math.round(anchor.ticks + (countedToMs - anchor.capturedMs) * anchor.ticksPerMs);
    return {
      ssrc: anchor.ssrc,
      timestamp: wrapped(ticks, 2 ** 32),
      ntpMs: participantMs(this.#person.clock, this.#startUnixMs, sentMs) + offByMs,
      sentMs,
      offByMs,
    };
  }
}

/** Modulo, never below nought. */
export const wrapped = (value: number, modulus: number): number =>
  value - Math.floor(value / modulus) * modulus;
