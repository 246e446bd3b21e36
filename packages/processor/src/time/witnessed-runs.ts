import type { SegmentTiming } from '@rawreel/archive';
import type { RunScan } from './run-scan.ts';
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
 * Receive times of a few packets are one witness, and may be anywhere: an offset is 32 bits of a record, and one that is
 * wrong would make a file of 49 days. They are believed where another saw that moment: the metadata of their dump, or
 * where that has no times, any other packets or metadata of the recording. Otherwise a run of them is where its own media
 * clock says beside the run before or after it.
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
    segments.map(({ timing, runs }, segment) => {
      const witnessed = spanOf([...spansOfMany(runs), ...spanOfTiming(timing)]);
      const span = spanOfTiming(timing).length > 0 ? witnessed : everybody;
      if (span === undefined) return runs;
      const isSeen = (run: RunScan) =>
        run.packets >= WITNESSES ||
        (run.firstReceivedMs >= span.fromMs - AGREEMENT_MS && run.lastReceivedMs <= span.toMs + AGREEMENT_MS);
      if (runs.every(isSeen) || !runs.some(isSeen)) return runs;
      return believed(runs, isSeen, clockRate, (packets, byMs) =>
        unseen.push({ track, segment, packets, byMs }),
      );
    }),
  );
  return { runsOfTracks, unseen };
}

/** A forward pass leans every unseen run on the one before; those in front of all that was seen lean on the first of that. */
function believed(
  runs: readonly RunScan[],
  isSeen: (run: RunScan) => boolean,
  clockRate: number,
  tell: (packets: number, byMs: number) => void,
): RunScan[] {
  const first = runs.findIndex(isSeen);
  const placed: RunScan[] = runs.slice(first);
  const ticksMs = (ticks: number) => (ticks / clockRate) * 1000;
  /** Ms of media from one run to the next, where they share a clock and it says what can be. */
  const apart = (from: number, to: number, isShared: boolean): number => {
    const ms = ticksMs(to - from);
    return isShared && ms >= 0 && ms <= AGREEMENT_MS ? ms : 0;
  };
  const leanedAt = (run: RunScan, startMs: number): RunScan => {
    const byMs = startMs - run.firstReceivedMs;
    tell(run.packets, -byMs);
    return shifted(run, byMs);
  };
  for (const [index, run] of placed.entries()) {
    const before = placed[index - 1];
    if (before === undefined || isSeen(run)) continue;
    const gapMs = apart(before.endTicks, run.firstTicks, run.continuesTicks);
    placed[index] = leanedAt(run, before.lastReceivedMs + gapMs);
  }
  for (const run of runs.slice(0, first).reverse()) {
    const after = placed[0];
    if (after === undefined) break;
    const lengthMs = Math.min(ticksMs(run.endTicks - run.firstTicks), AGREEMENT_MS);
    const gapMs = apart(run.endTicks, after.firstTicks, after.continuesTicks);
    placed.unshift(leanedAt(run, after.firstReceivedMs - gapMs - lengthMs));
  }
  return placed;
}

/** All that it was received in moves; what lies between its own packets is as little believed and goes. */
function shifted(run: RunScan, byMs: number): RunScan {
  const startMs = run.firstReceivedMs + byMs;
  const [piece] = run.pieces;
  const [mediaMs, receivedMs] = piece?.samples ?? [];
  const pieces =
    piece === undefined || mediaMs === undefined || receivedMs === undefined
      ? []
      : [
          {
            ...piece,
            toMs: (run.pieces.at(-1) ?? piece).toMs,
            firstReceivedMs: startMs,
            lastReceivedMs: startMs + Math.min(run.lastReceivedMs - run.firstReceivedMs, AGREEMENT_MS),
            samples: Float64Array.of(mediaMs, receivedMs + byMs),
          },
        ];
  return {
    ...run,
    firstReceivedMs: startMs,
    lastReceivedMs: startMs + Math.min(run.lastReceivedMs - run.firstReceivedMs, AGREEMENT_MS),
    pieces,
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
