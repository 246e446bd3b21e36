import { everydayPerson, type Ingredient, MARGIN_MS } from './draw-call.ts';
import type { CallPlan, Change, NetworkPlan, PersonPlan, ReportPlan, TrackPlan } from './plan.ts';
import type { Random } from './random.ts';

const eachPerson =
  (act: (person: PersonPlan, random: Random, call: CallPlan) => void): Ingredient =>
  (call, random) => {
    for (const person of call.people) act(person, random, call);
  };

/** Voices always, cameras by half. */
const eachTrack = (act: (track: TrackPlan, random: Random) => void): Ingredient =>
  eachPerson(({ tracks }, random) => {
    for (const track of tracks) if (track.kind === 'audio' || random.chance(0.5)) act(track, random);
  });

/** From..to changes of a kind, spread over each track. */
const changes = (from: number, to: number, draw: (atMs: number, random: Random) => Change): Ingredient =>
  eachTrack((track, random) => {
    const count = random.integer(from, to);
    for (const atMs of random.moments(count, track.fromMs + MARGIN_MS, track.toMs - MARGIN_MS))
      track.changes.push(draw(atMs, random));
  });

const onNetwork = (
  from: number,
  to: number,
  act: (network: NetworkPlan, atMs: number, random: Random) => void,
): Ingredient =>
  eachPerson(({ network }, random, { lengthMs }) => {
    for (const atMs of random.moments(random.integer(from, to), 15_000, lengthMs - 15_000))
      act(network, atMs, random);
  });

const reports = (act: (reports: ReportPlan, random: Random) => void): Ingredient =>
  eachPerson((person, random) => act(person.reports, random));

/** What can happen in a call, each by itself. */
export const INGREDIENTS = {
  ratePpm: (least: number, most: number): Ingredient =>
    eachTrack((track, random) => {
      const ppm = random.eitherWay(random.between(least, most));
      track.rate = { ...track.rate, ppm: track.rate.ppm + ppm };
    }),

  changingRate: (): Ingredient =>
    eachTrack((track, random) => {
      const swingPpm = random.byMagnitude(200, 4000);
      track.rate = { ...track.rate, swingPpm, periodMs: random.between(60_000, 400_000) };
    }),

  stalls: (leastMs: number, mostMs: number, from: number, to: number): Ingredient =>
    changes(from, to, (atMs, random) => ({
      kind: 'stall',
      atMs,
      lengthMs: random.byMagnitude(leastMs, mostMs),
    })),

  standingMutes: (): Ingredient =>
    changes(1, 3, (atMs, random) => {
      const lengthMs = random.byMagnitude(500, 15_000);
      return random.chance(0.5)
        ? { kind: 'stall', atMs, lengthMs }
        : { kind: 'segment', atMs, gapMs: lengthMs, ticks: 'stand' };
    }),

  runningMutes: (): Ingredient =>
    changes(1, 3, (atMs, random) => {
      const lengthMs = random.byMagnitude(500, 15_000);
      return random.chance(0.5)
        ? { kind: 'pause', atMs, lengthMs }
        : { kind: 'segment', atMs, gapMs: lengthMs, ticks: 'run' };
    }),

  dtx: (): Ingredient =>
    changes(3, 8, (atMs, random) => ({ kind: 'dtx', atMs, lengthMs: random.byMagnitude(1000, 12_000) })),

  jumps: (): Ingredient =>
    changes(1, 3, (atMs, random) => ({
      kind: 'jump',
      atMs,
      byMs: random.eitherWay(random.byMagnitude(100, 3_600_000)),
    })),

  sources: (): Ingredient =>
    changes(1, 3, (atMs, random) => ({ kind: random.chance(0.6) ? 'source' : 'reset', atMs })),

  reconnects: (): Ingredient =>
    changes(1, 2, (atMs, random) => ({
      kind: 'segment',
      atMs,
      gapMs: random.byMagnitude(800, 20_000),
      ticks: 'anew',
    })),

  /** Minutes without media, whatever the ticks did. */
  longAbsence: (): Ingredient =>
    changes(1, 1, (atMs, random) => ({
      kind: 'segment',
      atMs,
      gapMs: random.between(60_000, 240_000),
      ticks: random.pick(['stand', 'run', 'anew']),
    })),

  wraps: (): Ingredient =>
    eachPerson(({ tracks }, random) => {
      for (const track of tracks) {
        const perMs = track.kind === 'audio' ? 48 : 90;
        const lengthMs = track.toMs - track.fromMs;
        track.firstTimestamp = 2 ** 32 - Math.round(random.between(0, lengthMs) * perMs);
        track.firstSequence = 65_535 - random.integer(0, Math.round(lengthMs / 100));
      }
    }),

  freezes: (): Ingredient =>
    onNetwork(1, 3, ({ freezes }, fromMs, random) => {
      freezes.push({ fromMs, toMs: fromMs + random.byMagnitude(300, 8000) });
    }),

  queues: (): Ingredient =>
    onNetwork(1, 3, ({ queues }, fromMs, random) => {
      const fullMs = fromMs + random.between(300, 5000);
      const drainMs = fullMs + random.between(0, 6000);
      const toMs = drainMs + random.between(300, 5000);
      queues.push({ fromMs, fullMs, drainMs, toMs, heightMs: random.byMagnitude(50, 1200) });
    }),

  /** There and back again, or there for good. */
  routes: (): Ingredient =>
    eachPerson(({ network }, random, { lengthMs }) => {
      const byMs = random.between(30, 80);
      const isUp = random.chance(0.5);
      if (!isUp) network.baseMs += byMs;
      for (const [index, atMs] of random.moments(random.integer(1, 2), 15_000, lengthMs - 15_000).entries())
        network.routes.push({ atMs, byMs: isUp === (index === 0) ? byMs : -byMs });
    }),

  storms: (): Ingredient =>
    onNetwork(1, 4, ({ storms }, fromMs, random) => {
      storms.push({
        fromMs,
        toMs: fromMs + random.byMagnitude(300, 6000),
        lossShare: random.between(0.2, 0.9),
      });
    }),

  reordering: (): Ingredient =>
    eachPerson(({ network }, random) => {
      network.reorderedShare = random.byMagnitude(0.002, 0.05);
    }),

  clockSet: (): Ingredient =>
    eachPerson(({ clock }, random, { lengthMs }) => {
      for (const atMs of random.moments(random.integer(1, 2), 15_000, lengthMs - 15_000))
        clock.steps.push({ atMs, byMs: random.eitherWay(random.byMagnitude(100, 7_200_000)) });
    }),

  clockFromBoot: (): Ingredient =>
    eachPerson(({ clock }, random) => {
      clock.offsetMs = -Date.UTC(2026, 2, 1) + random.byMagnitude(60_000, 3e9);
    }),

  clockDrifts: (): Ingredient =>
    eachPerson(({ clock, tracks }, random) => {
      clock.driftPpm = random.eitherWay(random.between(50, 200));
      clock.offsetMs = random.eitherWay(random.byMagnitude(1, 60_000));
      for (const track of tracks)
        if (track.kind === 'video') track.rate = { ...track.rate, ppm: clock.driftPpm };
    }),

  serverSet:
    (): Ingredient =>
    ({ serverSteps, lengthMs }, random) => {
      const atMs = random.between(25_000, lengthMs - 15_000);
      serverSteps.push({ atMs, byMs: random.eitherWay(random.byMagnitude(100, 8000)) });
    },

  reportsLate: (): Ingredient =>
    reports((plan, random) => {
      plan.firstAfterMs = random.between(8000, 45_000);
    }),
  reportsNoisy: (): Ingredient =>
    reports((plan) => {
      plan.noiseMs = 5;
    }),
  reportsWrong: (): Ingredient =>
    reports((plan, random) => {
      plan.wrongShare = random.between(0.03, 0.15);
    }),
  reportsRepeated: (): Ingredient =>
    reports((plan, random) => {
      plan.repeatedShare = random.between(0.2, 0.6);
    }),
  reportsLost: (): Ingredient =>
    reports((plan, random) => {
      plan.lostShare = random.between(0.2, 0.6);
    }),
  reportsBeforeMedia: (): Ingredient =>
    reports((plan) => {
      plan.isBeforeMedia = true;
    }),
  noReports: (): Ingredient =>
    reports((plan) => {
      plan.isSent = false;
    }),

  people: (): Ingredient => (call, random) => {
    for (let more = random.integer(1, 3); more > 0; more--)
      call.people.push(
        everydayPerson(call.lengthMs, random.chance(0.4) ? ['audio', 'video'] : ['audio'], random),
      );
    for (const { clock } of call.people)
      clock.offsetMs = random.eitherWay(random.byMagnitude(1, random.chance(0.5) ? 50 : 600_000));
  },
} as const;
