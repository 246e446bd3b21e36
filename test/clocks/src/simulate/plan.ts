/** What is to happen in a call. All times are ms since its beginning, on a true clock. */
export interface CallPlan {
  lengthMs: number;
  /** The server's clock is set by so much. */
  readonly serverSteps: Step[];
  readonly people: PersonPlan[];
}

export interface PersonPlan {
  readonly clock: ClockPlan;
  readonly network: NetworkPlan;
  readonly reports: ReportPlan;
  readonly tracks: TrackPlan[];
}

export interface Step {
  readonly atMs: number;
  readonly byMs: number;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A participant's clock: the true one, plus an offset, a drift and what it is set by. */
export interface ClockPlan {
  offsetMs: number;
  driftPpm: number;
  readonly steps: Step[];
}

export const JITTERS = ['uniform', 'normal', 'exponential', 'heavy-tailed'] as const;

export interface NetworkPlan {
  /** What every packet takes at least, as long as the route stays. */
  baseMs: number;
  jitter: { readonly kind: (typeof JITTERS)[number]; readonly scaleMs: number };
  lossShare: number;
  /** Packets that make a detour, and are overtaken. */
  reorderedShare: number;
  /** What waits grows evenly to its height, stays there, and is worked off evenly. */
  readonly queues: {
    readonly fromMs: number;
    readonly fullMs: number;
    readonly drainMs: number;
    readonly toMs: number;
    readonly heightMs: number;
  }[];
  /** Nothing arrives; then all of it at once. */
  readonly freezes: Span[];
  /** The base delay changes. */
  readonly routes: Step[];
  readonly storms: (Span & { readonly lossShare: number })[];
}

export interface ReportPlan {
  isSent: boolean;
  /** Each is off by up to this either way. */
  noiseMs: number;
  lostShare: number;
  /** Off by 0.5 to 5 s. */
  wrongShare: number;
  /** The one before is sent again instead. */
  repeatedShare: number;
  /** None for so long from a track's beginning. */
  firstAfterMs: number;
  /** One is sent before the first packet. */
  isBeforeMedia: boolean;
  /** While a track's clock stands still, reports count on from the last packet (Chromium), or stand as well. */
  runsAhead: boolean;
}

export interface TrackPlan {
  readonly kind: 'audio' | 'video';
  readonly fromMs: number;
  toMs: number;
  /** How much faster than true its ticks run: `ppm`, plus a swing of so many ppm and that period. */
  rate: { readonly ppm: number; readonly swingPpm: number; readonly periodMs: number };
  firstSequence: number;
  firstTimestamp: number;
  /** From capture of the last sample, or of the picture, to sending, at least. */
  readonly encodeMs: number;
  readonly framesPerSecond: number;
  /** Drawn in any order, at times that count only while something is captured; `makeRoom` puts them where they happen. */
  readonly changes: Change[];
}

export type Change = { readonly atMs: number } & (
  | /** Nothing is captured, ticks stand, the next packet has the next number. */
  { readonly kind: 'stall'; readonly lengthMs: number } /** Nothing is captured, ticks run on. */
  | { readonly kind: 'pause'; readonly lengthMs: number } /** Audio: silence, one packet in 400 ms. */
  | { readonly kind: 'dtx'; readonly lengthMs: number }
  | { readonly kind: 'jump'; readonly byMs: number } /** A new SSRC, with numbers and ticks of its own. */
  | { readonly kind: 'source' } /** Numbers and ticks begin anew under the same SSRC. */
  | {
      readonly kind: 'reset';
    } /** One dump ends, another begins: the same source whose ticks stood or ran meanwhile, or a new one. */
  | { readonly kind: 'segment'; readonly gapMs: number; readonly ticks: 'stand' | 'run' | 'anew' }
);
