import { commonSteps, stepsOf, withoutSteps } from './clock-steps.ts';
import { type DelayLine, type DelaySample, delayAt, leastDelay } from './delay-envelope.ts';
import { type PlacedRun, unixMsOf } from './place-runs.ts';
import { type Line, type LinePoint, lineAt, median, robustLine } from './robust-line.ts';

/** A session's track whose runs are placed by its own packets. */
export interface SessionTrack {
  readonly clockRate: number;
  readonly runs: readonly PlacedRun[];
}

/** What a track's place rests on. */
export interface TrackClock {
  readonly source: /** Sender reports in the dumps. */
    | 'reports'
    /** The reports that the metadata names. */
    | 'metadata'
    /** Receive times alone. */
    | 'received';
  /** Sender reports that were used. */
  readonly reports: number;
  /** Median distance of what placed it from the line through it, ms. */
  readonly uncertaintyMs: number;
  /** How much faster than the server's clock the media clock runs, in millionths. */
  readonly driftPpm: number;
}

export interface PlacedSession {
  readonly tracks: readonly { readonly runs: readonly PlacedRun[]; readonly clock: TrackClock }[];
  /**
   * How much later than the participant's clock says its least delayed packet was received: the network's least delay, and
   * what that clock is wrong by. Absent without reports, and where that clock runs fast or slow.
   */
  readonly behindMs?: number;
}

/** Runs of one track whose media clock went on: one line corrects them all. */
interface Chain {
  readonly track: number;
  readonly runs: readonly PlacedRun[];
  /** The participant's clock minus the provisional place, report by report. */
  readonly offsets: readonly LinePoint[];
  /** Receive time minus the provisional place, of the least delayed packets. */
  readonly delays: readonly LinePoint[];
}

/** By how much a chain's provisional places must move. */
type Correction = Omit<Line, 'spreadMs'>;

/** No drift of a sound card: reports that say so are wrong. */
const MOST_DRIFT = 1e-3;

/** Reports that put a track's least delayed packet this much later than its session's are wrong. */
const MOST_EXCESS_MS = 1000;

/** A clock that gains more than this on the server's during a call is not set by NTP, and right at no more than a moment. */
const MOST_GAIN_MS = 20;

/** So many chains of a track tell what is usual on it; a track of ten thousand would be compared with itself forever. */
const CHAINS_HEARD = 99;

/** Overlaps up to this come from placing by receive times: the later chain moves. */
const OVERLAP_MS = 60;

/**
 * Relates the tracks of one session by their sender reports, and the session to the server's clock by the least delayed of
 * all its packets. What has no usable report is placed by its own least delayed packets, which of this track are as much
 * later than the session's as they were where there were reports. Yields between chains, of which there may be thousands.
 */
export function* solveSession(tracks: readonly SessionTrack[]): Generator<void, PlacedSession, void> {
  const chains = tracks.flatMap(chainsOf);
  const lines = yield* participantLines(chains);
  const floor = sessionFloor(chains, lines);
  const corrections = new Map<Chain, Correction>();
  /** Of each track with reports, by how much the least delayed packets of its chains are later than the floor. */
  const excesses = new Map<number, number[]>();
  for (const [chain, line] of lines) {
    if (floor === undefined) continue;
    const correction = sumOf(line, floor);
    const excess = excessOf(chain, correction);
    if (excess > MOST_EXCESS_MS) continue;
    corrections.set(chain, correction);
    excesses.set(chain.track, [...(excesses.get(chain.track) ?? []), excess].slice(-CHAINS_HEARD));
  }
  const usual = new Map([...excesses].map(([track, of]) => [track, median(of)]));
  const reported = new Set(corrections.keys());
  for (const chain of chains) {
    yield;
    if (!reported.has(chain)) corrections.set(chain, byOwnPackets(chain, usual.get(chain.track) ?? 0));
  }
  const chainsOfTracks = Map.groupBy(chains, (chain) => chain.track);
  const placed = tracks.map((track, index) => {
    const own = chainsOfTracks.get(index) ?? [];
    const runs = inOrder(own.map((chain) => moved(chain, corrections.get(chain), reported.has(chain))));
    return { runs, clock: clockOf(track, runs, own, reported, lines) };
  });
  const isKept = floor !== undefined && Math.abs(gainOf(floor, placed)) <= MOST_GAIN_MS;
  return { tracks: placed, ...(isKept ? { behindMs: floor.delayMs } : {}) };
}

/** What the server's clock gains on the participant's from the first to the last moment of all tracks. */
function gainOf({ slope }: DelayLine, tracks: PlacedSession['tracks']): number {
  const runs = tracks.flatMap((track) => track.runs);
  const startMs = runs.reduce((least, run) => Math.min(least, run.startMs), Number.POSITIVE_INFINITY);
  const endMs = runs.reduce((most, run) => Math.max(most, run.endMs), startMs);
  return slope * (endMs - startMs);
}

function chainsOf({ clockRate, runs }: SessionTrack, track: number): Chain[] {
  const groups: PlacedRun[][] = [];
  for (const run of runs) {
    const current = groups.at(-1);
    if (current !== undefined && run.source === 'continuous') current.push(run);
    else groups.push([run]);
  }
  return groups.map((group) => ({
    track,
    runs: group,
    offsets: group
      .flatMap((run) =>
        run.reports.map(({ rtpTicks, ntpMs }) => {
          const atMs = unixMsOf(run, rtpTicks);
          return { atMs, valueMs: ntpMs - atMs };
        }),
      )
      .sort((a, b) => a.atMs - b.atMs),
    delays: group.flatMap((run) =>
      run.delays.map(({ mediaMs, receivedMs }) => {
        const atMs = unixMsOf(run, (mediaMs * clockRate) / 1000);
        return { atMs, valueMs: receivedMs - atMs };
      }),
    ),
  }));
}

/** Each reported chain's line from the provisional place to the participant's clock, as if that had never been set. */
function* participantLines(chains: readonly Chain[]): Generator<void, Map<Chain, Line>, void> {
  const reported = chains.filter(({ offsets }) => offsets.length > 0);
  const steps = commonSteps(reported.map(({ offsets }) => stepsOf(offsets)));
  const lines = new Map<Chain, Line>();
  /** Of each track, the drift of its chains so far: one that is too short to tell has it in common with them. */
  const slopes = new Map<number, number[]>();
  for (const chain of reported) {
    yield;
    const earlier = slopes.get(chain.track) ?? [];
    const usual = earlier.length === 0 ? 0 : median(earlier);
    const line = robustLine(withoutSteps(chain.offsets, steps), usual);
    if (Math.abs(line.slope) > MOST_DRIFT) continue;
    lines.set(chain, line);
    slopes.set(chain.track, [...earlier, line.slope].slice(-CHAINS_HEARD));
  }
  return lines;
}

/** From the participant's clock to the server's: the line under all packets of all chains that have reports. */
function sessionFloor(chains: readonly Chain[], lines: ReadonlyMap<Chain, Line>): DelayLine | undefined {
  const samples: DelaySample[] = chains.flatMap((chain) => {
    const line = lines.get(chain);
    if (line === undefined) return [];
    return chain.delays.map(({ atMs, valueMs }) => ({
      mediaMs: atMs,
      receivedMs: atMs + valueMs - lineAt(line, atMs),
    }));
  });
  samples.sort((a, b) => a.mediaMs - b.mediaMs);
  return samples.length === 0 ? undefined : leastDelay(samples);
}

const sumOf = (line: Line, floor: DelayLine): Correction => ({
  atMs: line.atMs,
  valueMs: line.valueMs + delayAt(floor, line.atMs),
  slope: line.slope + floor.slope,
});

/** How much later than the session's floor a chain's own least delayed packet is. */
const excessOf = ({ delays }: Chain, correction: Correction): number =>
  delays.reduce(
    (least, { atMs, valueMs }) => Math.min(least, valueMs - lineAt(correction, atMs)),
    Number.POSITIVE_INFINITY,
  );

function byOwnPackets(chain: Chain, excess: number): Correction {
  const floor = leastDelay(
    chain.delays.map(({ atMs, valueMs }) => ({ mediaMs: atMs, receivedMs: atMs + valueMs })),
  );
  return { atMs: floor.mediaMs, valueMs: floor.delayMs - excess, slope: floor.slope };
}

function moved({ runs }: Chain, correction: Correction | undefined, isReported: boolean): PlacedRun[] {
  if (correction === undefined) return [...runs];
  return runs.map((run, index) => {
    const startMs = run.startMs + lineAt(correction, run.startMs);
    const msPerTick = run.msPerTick * (1 + correction.slope);
    const endMs = startMs + (run.endTicks - run.firstTicks) * msPerTick;
    const source = index > 0 ? run.source : isReported ? 'reports' : 'received';
    return { ...run, startMs, endMs, msPerTick, source };
  });
}

/** What receive times put a little into the run before begins behind it. */
function inOrder(chains: readonly (readonly PlacedRun[])[]): PlacedRun[] {
  const placed: PlacedRun[] = [];
  for (const runs of chains) {
    const overlap = (placed.at(-1)?.endMs ?? Number.NEGATIVE_INFINITY) - (runs[0]?.startMs ?? 0);
    const byMs = runs[0]?.source === 'received' && overlap > 0 && overlap <= OVERLAP_MS ? overlap : 0;
    for (const run of runs) {
      placed.push(byMs === 0 ? run : { ...run, startMs: run.startMs + byMs, endMs: run.endMs + byMs });
    }
  }
  return placed;
}

function clockOf(
  { clockRate }: SessionTrack,
  runs: readonly PlacedRun[],
  chains: readonly Chain[],
  reported: ReadonlySet<Chain>,
  lines: ReadonlyMap<Chain, Line>,
): TrackClock {
  const used = chains.filter((chain) => reported.has(chain));
  const longest = runs.reduce<PlacedRun | undefined>(
    (most, run) => (most === undefined || run.endMs - run.startMs > most.endMs - most.startMs ? run : most),
    undefined,
  );
  const driftPpm = longest === undefined ? 0 : (1000 / clockRate / longest.msPerTick - 1) * 1e6;
  if (used.length === 0) {
    const spreads = chains.map(({ delays }) => robustLine(delays).spreadMs);
    return { source: 'received', reports: 0, uncertaintyMs: greatest(spreads), driftPpm };
  }
  const isMetadata = used.every(({ runs: [run] }) => run?.reportsFrom === 'metadata');
  return {
    source: isMetadata ? 'metadata' : 'reports',
    reports: used.reduce((sum, { offsets }) => sum + offsets.length, 0),
    uncertaintyMs: greatest(used.map((chain) => lines.get(chain)?.spreadMs ?? 0)),
    driftPpm,
  };
}

/** At least nought. Not by arguments: a track of many dumps has more chains than a call takes. */
const greatest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0);
