import { clockAt } from '../time/placed-run.ts';
import type { Boundary, TrackRun } from '../time/track-runs.ts';
import { framesOfCopy } from './copied-frames.ts';
import type { DumpPackets } from './dump-packets.ts';
import { LayerChoice } from './layer-choice.ts';
import type { ReadingOptions } from './open-dump.ts';
import type { PlacedTrack } from './placed-track.ts';
import { framesOfSegment, type PlacedFrame, type SegmentFramesOptions } from './segment-frames.ts';
import type { SegmentScan } from './segment-scan.ts';
import type { ClockedFrame, TimedFrame } from './timed-frame.ts';
import { type FrameCounts, whyNoFrame } from './why-no-frame.ts';

/** Between layers of one camera so much time is a camera that was off; less is a key frame that was waited for. */
const CAMERA_OFF_MS = 1000;

/** Told of each dump as it is begun, by the number of its segment. */
export type OnDump = (segment: number, packets: DumpPackets) => void;

/** Reads a placed track a second time: its frames in order, each with its time. */
export class TrackFrames {
  readonly #placed: PlacedTrack;
  readonly #reading: ReadingOptions;
  readonly #opened: OnDump | undefined;
  readonly #statistics: FrameCounts[] = [];
  readonly #barren: { readonly segment: string; readonly reason: string }[] = [];
  #last: ClockedFrame | undefined;
  #overlapping = 0;
  #ofOtherLayers = 0;
  #hasBegun = false;

  constructor(placed: PlacedTrack, reading: ReadingOptions, opened?: OnDump) {
    this.#placed = placed;
    this.#reading = reading;
    this.#opened = opened;
  }

  /** A chunk's worth of frames at a time; may be asked for once. */
  async *batches(): AsyncGenerator<readonly TimedFrame[], void> {
    const runsOfSegments = Map.groupBy(this.#placed.runs, (run) => run.segment);
    for (const [index, scan] of this.#placed.scans.entries()) {
      const runs = runsOfSegments.get(index) ?? [];
      if (runs.length > 0) yield* this.#batchesOf(index, scan, runs);
    }
  }

  async *#batchesOf(
    index: number,
    scan: SegmentScan,
    runs: readonly TrackRun[],
  ): AsyncGenerator<readonly TimedFrame[], void> {
    const { segment, layers } = scan;
    const choice = layers.length > 0 ? new LayerChoice() : undefined;
    const frames = this.#framesOf(index, scan, runs);
    try {
      let next = await frames.next();
      for (; !next.done; next = await frames.next()) {
        const clocked = next.value.flatMap((placed) => this.#clocked(placed));
        for (const each of choice === undefined ? [] : clocked) choice?.push(each);
        yield this.#inWindow(choice?.take() ?? clocked);
      }
      if (choice !== undefined) {
        yield this.#inWindow(choice.finish());
        this.#ofOtherLayers += choice.leftOut;
      }
      const counts = next.value;
      if (counts === undefined) return;
      this.#statistics.push(counts);
      if (counts.framesEmitted === 0)
        this.#barren.push({ segment: segment.base, reason: whyNoFrame(this.#placed.codec, counts) });
    } finally {
      // Given up half-way, it has a file open.
      await frames.return(undefined);
    }
  }

  #framesOf(
    index: number,
    { segment, spool, layers, frames: copy }: SegmentScan,
    runs: readonly TrackRun[],
  ): AsyncGenerator<readonly PlacedFrame[], FrameCounts | undefined> {
    const [run] = runs;
    if (copy !== undefined && run !== undefined)
      return framesOfCopy({ ...this.#reading, copy, run, dumpBytes: segment.dump?.size ?? 0 });
    const opened: SegmentFramesOptions['opened'] = (packets) => this.#opened?.(index, packets);
    return framesOfSegment({ ...this.#reading, segment, layers, runs, spool, opened });
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

  /** Frames of layers other than the one chosen, all left out. */
  get ofOtherLayers(): number {
    return this.#ofOtherLayers;
  }

  #clocked({ frame, run }: PlacedFrame): ClockedFrame[] {
    const clock = clockAt(run, frame.rtpTicks);
    const unixMs = clock.startMs + (frame.rtpTicks - clock.firstTicks) * clock.msPerTick;
    if (unixMs < run.untilMs) return [{ frame, run, clock, unixMs }];
    this.#overlapping++;
    return [];
  }

  /** Of pictures none that is built on one before the window. */
  #inWindow(frames: readonly ClockedFrame[]): TimedFrame[] {
    const { window, track } = this.#placed;
    if (window === undefined) return frames.map((each) => this.#timed(each));
    return frames.flatMap((each) => {
      if (each.unixMs < window.fromMs || each.unixMs >= window.untilMs) return [];
      this.#hasBegun ||= track.kind === 'audio' || each.frame.keyFrame;
      return this.#hasBegun ? [this.#timed(each)] : [];
    });
  }

  #timed(clocked: ClockedFrame): TimedFrame {
    const { frame, run, clock, unixMs } = clocked;
    const boundary = boundaryBefore(clocked, this.#last);
    this.#last = clocked;
    return { frame, run, unixMs, msPerTick: clock.msPerTick, boundary };
  }
}

function boundaryBefore({ run, clock, unixMs }: ClockedFrame, last: ClockedFrame | undefined): Boundary {
  if (last !== undefined && last.run.segment === run.segment && last.run.layer !== run.layer)
    return unixMs - last.unixMs > CAMERA_OFF_MS ? 'source-silent' : 'none';
  if (last?.run !== run) return run.boundary;
  return clock !== last.clock && !clock.goesOn ? 'source-silent' : 'none';
}
