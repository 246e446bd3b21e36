import type { CodedFrame } from '@rawreel/rtp';
import type { DumpPackets } from '../scan/dump-packets.ts';
import type { ReadingOptions } from '../scan/open-dump.ts';
import { type FrameCounts, whyNoFrame } from '../scan/why-no-media.ts';
import { type ClockPiece, clockAt } from '../time/placed-run.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import type { Boundary, TrackRun } from '../time/track-runs.ts';
import { framesOfSegment } from './segment-frames.ts';

/** A frame in its place on the server's clock. */
export interface TimedFrame {
  readonly frame: CodedFrame;
  readonly run: TrackRun;
  readonly unixMs: number;
  /** Of its media clock there. */
  readonly msPerTick: number;
  /** Why there may be time without frames before it; `none` within a run. */
  readonly boundary: Boundary;
}

/** Told of each dump as it is begun, by the number of its segment. */
export type OnDump = (segment: number, packets: DumpPackets) => void;

/** Reads a placed track a second time: its frames in order, each with its time. */
export class TrackFrames {
  readonly #placed: PlacedTrack;
  readonly #reading: ReadingOptions;
  readonly #opened: OnDump | undefined;
  readonly #statistics: FrameCounts[] = [];
  readonly #barren: { readonly segment: string; readonly reason: string }[] = [];
  #lastRun: TrackRun | undefined;
  #lastClock: ClockPiece | undefined;
  #overlapping = 0;

  constructor(placed: PlacedTrack, reading: ReadingOptions, opened?: OnDump) {
    this.#placed = placed;
    this.#reading = reading;
    this.#opened = opened;
  }

  /** A chunk's worth of frames at a time; may be asked for once. */
  async *batches(): AsyncGenerator<readonly TimedFrame[], void> {
    const runsOfSegments = Map.groupBy(this.#placed.runs, (run) => run.segment);
    for (const [index, { segment, spool }] of this.#placed.scans.entries()) {
      const runs = new Map((runsOfSegments.get(index) ?? []).map((run) => [run.run, run]));
      if (runs.size === 0) continue;
      const frames = framesOfSegment({
        ...this.#reading,
        segment,
        runs,
        opened: (packets) => this.#opened?.(index, packets),
        ...(spool === undefined ? {} : { spool }),
      });
      try {
        let next = await frames.next();
        for (; !next.done; next = await frames.next())
          yield next.value.flatMap((placed) => this.#timed(placed));
        const counts = next.value;
        if (counts === undefined) continue;
        this.#statistics.push(counts);
        if (counts.framesEmitted > 0) continue;
        this.#barren.push({ segment: segment.base, reason: whyNoFrame(this.#placed.codec, counts) });
      } finally {
        // Given up half-way, it has a file open.
        await frames.return(undefined);
      }
    }
  }

  /** The depacketizers' counts, a segment each; whole behind the last batch. */
  get statistics(): readonly FrameCounts[] {
    return this.#statistics;
  }

  /** Segments of which no frame came, and why; whole behind the last batch. */
  get barren(): readonly { readonly segment: string; readonly reason: string }[] {
    return this.#barren;
  }

  /** Frames left out because a later segment had begun. */
  get overlapping(): number {
    return this.#overlapping;
  }

  #timed({ frame, run }: { frame: CodedFrame; run: TrackRun }): TimedFrame[] {
    const clock = clockAt(run, frame.rtpTicks);
    const unixMs = clock.startMs + (frame.rtpTicks - clock.firstTicks) * clock.msPerTick;
    if (unixMs >= run.untilMs) {
      this.#overlapping++;
      return [];
    }
    const stood = clock !== this.#lastClock && !clock.goesOn;
    const boundary = run !== this.#lastRun ? run.boundary : stood ? 'source-silent' : 'none';
    this.#lastRun = run;
    this.#lastClock = clock;
    return [{ frame, run, unixMs, msPerTick: clock.msPerTick, boundary }];
  }
}
