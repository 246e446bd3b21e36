import { everydayCall, type Ingredient } from './simulate/draw-call.ts';
import { INGREDIENTS as has } from './simulate/ingredients.ts';
import { makeRoom } from './simulate/make-room.ts';
import type { CallPlan } from './simulate/plan.ts';
import type { Random } from './simulate/random.ts';

/** What a class of calls must keep to. */
export interface Bounds {
  /** Tracks of a session to each other: this quantile of all packets is placed within `ms` of the session's median. */
  readonly within: { readonly quantile: number; readonly ms: number };
  /** Participants to each other, p99, ms. */
  readonly participantsMs: number;
  /** Share of sessions whose error lies within the uncertainty that is stated. */
  readonly honest: number;
  /** Packets that arrived and were given no place. */
  readonly leftOut: number;
}

export interface CallClass {
  readonly name: string;
  readonly bounds: Bounds;
  readonly ingredients: (random: Random) => readonly Ingredient[];
}

const REPORTED: Bounds = {
  within: { quantile: 0.999, ms: 20 },
  participantsMs: 40,
  honest: 0.95,
  leftOut: 0,
};
const UNREPORTED: Bounds = { ...REPORTED, within: { quantile: 0.99, ms: 60 } };

const of = (name: string, ...ingredients: readonly Ingredient[]): CallClass => ({
  name,
  bounds: REPORTED,
  ingredients: () => ingredients,
});
const withoutReports = (name: string, ...ingredients: readonly Ingredient[]): CallClass => ({
  name,
  bounds: UNREPORTED,
  ingredients: () => [has.noReports(), ...ingredients],
});

const ONE_OF_MANY = [
  has.ratePpm(0, 10_000),
  has.changingRate(),
  has.stalls(60, 250, 2, 8),
  has.stalls(250, 10_000, 1, 3),
  has.standingMutes(),
  has.runningMutes(),
  has.dtx(),
  has.freezes(),
  has.queues(),
  has.routes(),
  has.storms(),
  has.reordering(),
  has.jumps(),
  has.wraps(),
  has.sources(),
  has.reconnects(),
  has.clockSet(),
  has.clockFromBoot(),
  has.clockDrifts(),
  has.serverSet(),
  has.reportsNoisy(),
  has.reportsWrong(),
  has.reportsRepeated(),
  has.reportsLost(),
] as const;

/** Three to five things at once. */
function mixture(random: Random): Ingredient[] {
  const left: Ingredient[] = [...ONE_OF_MANY];
  return Array.from({ length: random.integer(3, 5) }, () =>
    left.splice(random.integer(0, left.length - 1), 1),
  ).flat();
}

export const CLASSES: readonly CallClass[] = [
  of('clean'),
  of('rate ±200 ppm', has.ratePpm(0, 200)),
  of('rate up to 1 %', has.ratePpm(500, 10_000)),
  of('changing rate', has.changingRate()),
  of('stalls 60-250 ms', has.stalls(60, 250, 2, 12)),
  of('stalls to 10 s', has.stalls(250, 10_000, 1, 4)),
  of('standing mutes', has.standingMutes()),
  of('running mutes', has.runningMutes()),
  of('minutes without', has.longAbsence()),
  of('dtx', has.dtx()),
  of('freezes', has.freezes()),
  of('queues', has.queues()),
  of('routes ±80 ms', has.routes()),
  of('loss storms', has.storms()),
  of('reordering', has.reordering()),
  of('ticks jump', has.jumps()),
  of('wraps', has.wraps()),
  of('new SSRC, resets', has.sources()),
  of('reconnects', has.reconnects()),
  of("participant's clock set", has.clockSet()),
  of("participant's clock from boot", has.clockFromBoot()),
  of("participant's clock drifts", has.clockDrifts()),
  of("server's clock set", has.serverSet()),
  of('first report late', has.reportsLate()),
  of('reports noisy', has.reportsNoisy()),
  of('reports wrong', has.reportsWrong()),
  of('reports repeated', has.reportsRepeated()),
  of('reports lost', has.reportsLost()),
  of('report before media', has.reportsBeforeMedia()),
  withoutReports('no reports'),
  withoutReports('no reports, changes', has.stalls(100, 4000, 1, 4), has.jumps()),
  of('several people', has.people()),
  { name: 'all mixed', bounds: REPORTED, ingredients: mixture },
];

/** What happens in one call of a class. */
export function planOf({ ingredients }: CallClass, random: Random): CallPlan {
  const plan = everydayCall(random);
  for (const add of ingredients(random)) add(plan, random);
  makeRoom(plan);
  return plan;
}
