import type { SegmentTiming } from '@rawreel/archive';
import type { DelayPiece } from './delay-profile.ts';
import type { RunScan } from './run-scan.ts';
import { runsInOrder } from './runs-in-order.ts';
import { WITNESSES } from './scales.ts';
import { AGREEMENT_MS } from './server-clock.ts';

/** What one track's segments say of when they were received. */
export interface TestifiedTrack {
  readonly clockRate: number;
  readonly segments: readonly { readonly timing: SegmentTiming; readonly runs: readonly RunScan[] }[];
}

/** A run whose receive times nobody else saw. */
export interface UnseenTime {
  readonly track: number;
  readonly segment: number;
  readonly packets: number;
  /** How far from the rest of its dump it claims to be, ms: above 0 where later. */
  readonly byMs: number;
}

/** From the earliest to the latest moment that somebody saw, unix ms. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The receive times of one dump are one witness, and may be anywhere: an offset is 32 bits of a record, and one that is wrong
 * would make a file of 49 days. Times of a run that leaps away from the others need another witness: the metadata of its dump, or the
 * participant's own clock, by reports before and behind the leap. Where the metadata has no times, those of five packets are believed,
 * and those of fewer where any other packets or metadata of the recording saw that moment. Besides, the runs of a dump
 * follow each other as its records do. A run that is not believed is where its own media clock says beside the run before or after it.
 *
 * @returns the runs of each track's segments, and what was not believed.
 */
export function witnessedRuns(tracks: readonly TestifiedTrack[]): {
  readonly runsOfTracks: readonly (readonly (readonly RunScan[])[])[];
  readonly unseen: readonly UnseenTime[];
} {
  const everybody = spanOf(
    tracks.flatMap(({ segments }) =>
      segments.flatMap(({ timing, runs }) => [...spansOfMany(runs), ...spanOfTiming(timing)]),
    ),
  );
  const unseen: UnseenTime[] = [];
  const runsOfTracks = tracks.map(({ clockRate, segments }, track) =>
    segments.map(({ timing, runs }, segment) =>
      [...Map.groupBy(runs, ({ layer }) => layer).values()].flatMap((ofLayer) => {
        const seen = seenRuns(ofLayer, timing, everybody);
        if (seen.size === ofLayer.length || seen.size === 0) return ofLayer;
        return believed(ofLayer, seen, clockRate, (packets, byMs) =>
          unseen.push({ track, segment, packets, byMs }),
        );
      }),
    ),
  );
  return { runsOfTracks, unseen };
}

/** The runs of one dump that somebody else saw as well. */
function seenRuns(
  runs: readonly RunScan[],
  timing: SegmentTiming,
  everybody: Span | undefined,
): ReadonlySet<RunScan> {
  const many = runs.filter(({ packets }) => packets >= WITNESSES);
  const named = believableSpan(timing, many);
  const near = named === undefined ? many : many.filter((run) => overlaps(run, named));
  const far =
    named === undefined ? [] : many.filter((run) => !overlaps(run, named) && isConfirmedByReports(run, near));
  const seen = new Set([...near, ...far]);
  const span = named === undefined ? everybody : spanOf([...spansOfMany([...seen]), named]);
  const isSeen = (run: RunScan) =>
    seen.has(run) || (run.packets < WITNESSES && (span === undefined || liesWithin(run, span)));
  return new Set(runsInOrder(runs.filter(isSeen)));
}

/** When the metadata says that a dump was received, unless none of its runs agrees: then that is what is wrong. */
function believableSpan(timing: SegmentTiming, many: readonly RunScan[]): Span | undefined {
  const [named] = spanOfTiming(timing);
  return many.length === 0 || many.some((run) => named !== undefined && overlaps(run, named))
    ? named
    : undefined;
}

const overlaps = ({ firstReceivedMs, lastReceivedMs }: RunScan, { fromMs, toMs }: Span): boolean =>
  firstReceivedMs <= toMs + AGREEMENT_MS && lastReceivedMs >= fromMs - AGREEMENT_MS;

const liesWithin = ({ firstReceivedMs, lastReceivedMs }: RunScan, { fromMs, toMs }: Span): boolean =>
  firstReceivedMs >= fromMs - AGREEMENT_MS && lastReceivedMs <= toMs + AGREEMENT_MS;

/** Whether as much time went by on the participant's clock as on the server's since, or until, a run that was seen. */
function isConfirmedByReports(run: RunScan, seen: readonly RunScan[]): boolean {
  const known = seen.flatMap(({ reports }) => reports).find(({ receivedMs }) => receivedMs !== undefined);
  if (known?.receivedMs === undefined) return false;
  const serverLessNtpMs = known.receivedMs - known.ntpMs;
  return run.reports.some(({ ntpMs }) => {
    const atMs = ntpMs + serverLessNtpMs;
    return overlaps(run, { fromMs: atMs, toMs: atMs });
  });
}

/** A forward pass leans every unseen run on the one before; those in front of all that was seen lean on the first of that. */
function believed(
  runs: readonly RunScan[],
  seen: ReadonlySet<RunScan>,
  clockRate: number,
  tell: (packets: number, byMs: number) => void,
): RunScan[] {
  const first = runs.findIndex((run) => seen.has(run));
  const placed: RunScan[] = runs.slice(first);
  const ticksMs = (ticks: number) => (ticks / clockRate) * 1000;
  const lastMediaMs = (run: RunScan): number => run.pieces.at(-1)?.toMs ?? ticksMs(run.endTicks);
  /** Ms of media from the last packet of a run to the first of the next, where they share a clock and it says what can be. */
  const apart = (run: RunScan, next: RunScan): number => {
    const ms = ticksMs(next.firstTicks) - lastMediaMs(run);
    return next.continuesTicks && ms >= 0 && ms <= AGREEMENT_MS ? ms : 0;
  };
  const leanedAt = (run: RunScan, startMs: number): RunScan => {
    const byMs = startMs - run.firstReceivedMs;
    tell(run.packets, -byMs);
    return shifted(run, byMs);
  };
  for (const [index, run] of placed.entries()) {
    const before = placed[index - 1];
    if (before === undefined || seen.has(run)) continue;
    placed[index] = leanedAt(run, before.lastReceivedMs + apart(before, run));
  }
  for (const run of runs.slice(0, first).reverse()) {
    const after = placed[0];
    if (after === undefined) break;
    const lengthMs =
      run.packets < WITNESSES
        ? Math.min(lastMediaMs(run) - ticksMs(run.firstTicks), AGREEMENT_MS)
        : run.lastReceivedMs - run.firstReceivedMs;
    placed.unshift(leanedAt(run, after.firstReceivedMs - apart(run, after) - lengthMs));
  }
  return placed;
}

/** All that it was received in moves. */
function shifted(run: RunScan, byMs: number): RunScan {
  const move = (piece: DelayPiece): DelayPiece => ({
    ...piece,
    firstReceivedMs: piece.firstReceivedMs + byMs,
    lastReceivedMs: piece.lastReceivedMs + byMs,
    // Media and receive times alternate.
    samples: piece.samples.map((ms, index) => (index % 2 === 0 ? ms : ms + byMs)),
  });
  const moved = {
    ...run,
    firstReceivedMs: run.firstReceivedMs + byMs,
    lastReceivedMs: run.lastReceivedMs + byMs,
    pieces: run.pieces.map(move),
  };
  return run.packets < WITNESSES ? withoutInside(moved) : moved;
}

/** Of a few packets what lies between them is as little believed and goes. */
function withoutInside(run: RunScan): RunScan {
  const lastReceivedMs = Math.min(run.lastReceivedMs, run.firstReceivedMs + AGREEMENT_MS);
  const [piece] = run.pieces;
  if (piece === undefined) return { ...run, lastReceivedMs };
  const { toMs } = run.pieces.at(-1) ?? piece;
  return {
    ...run,
    lastReceivedMs,
    pieces: [{ ...piece, toMs, lastReceivedMs, samples: piece.samples.slice(0, 2) }],
  };
}

const spansOfMany = (runs: readonly RunScan[]): Span[] =>
  runs.flatMap(({ packets, firstReceivedMs, lastReceivedMs }) =>
    packets >= WITNESSES ? [{ fromMs: firstReceivedMs, toMs: lastReceivedMs }] : [],
  );

function spanOfTiming({ firstRtpUnixMs, lastRtpUnixMs }: SegmentTiming): Span[] {
  if (firstRtpUnixMs === undefined || lastRtpUnixMs === undefined || lastRtpUnixMs < firstRtpUnixMs)
    return [];
  return [{ fromMs: firstRtpUnixMs, toMs: lastRtpUnixMs }];
}

function spanOf(spans: readonly Span[]): Span | undefined {
  if (spans.length === 0) return undefined;
  return spans.reduce((all, { fromMs, toMs }) => ({
    fromMs: Math.min(all.fromMs, fromMs),
    toMs: Math.max(all.toMs, toMs),
  }));
}
