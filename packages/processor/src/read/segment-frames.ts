import { type CodedFrame, createDepacketizer, type Depacketizer, type MediaPacket } from '@rawreel/rtp';
import { Turns } from '../in-turns.ts';
import type { PlannedSegment } from '../plan/plan.ts';
import type { TrackRun } from '../time/track-runs.ts';
import { DumpPackets, formatParameters } from './dump-packets.ts';
import { type ReadingOptions, readableBytesOf } from './open-dump.ts';
import { readSpool } from './spool.ts';
import { countsOf, type FrameCounts, sumOfCounts } from './why-no-frame.ts';

export interface SegmentFramesOptions extends ReadingOptions {
  readonly segment: PlannedSegment;
  /** SSRCs of the layers that are read apart (simulcast); none where there is one stream at a time. */
  readonly layers: readonly number[];
  readonly spool?: string | undefined;
  /** The segment's. */
  readonly runs: readonly TrackRun[];
  /** Told of the dump before it is read: what else than frames it holds grows with them. */
  readonly opened?: ((packets: DumpPackets) => void) | undefined;
}

/** A frame and the run that says when it was. */
export interface PlacedFrame {
  readonly frame: CodedFrame;
  readonly run: TrackRun;
}

/**
 * Reads a dump a second time and gives out its frames, a chunk's worth at a time, those of one layer behind those of
 * another. Runs that turned out to go on from the one before, such as those on both sides of a network stall, are one to
 * the depacketizer: it need not wait for a key frame.
 *
 * @returns the depacketizers' counts.
 */
export async function* framesOfSegment(
  options: SegmentFramesOptions,
): AsyncGenerator<readonly PlacedFrame[], FrameCounts | undefined> {
  const { segment, layers, runs } = options;
  const { codec, sdp } = segment;
  if (segment.dump === undefined || codec === undefined) return undefined;
  const fmtp = formatParameters(codec, sdp);
  const ofLayers = (layers.length === 0 ? [undefined] : layers).map((_, number) => {
    const own = layers.length === 0 ? runs : runs.filter(({ layer }) => layer === number);
    return new RunFrames(createDepacketizer(codec, { fmtp }), new Map(own.map((run) => [run.run, run])));
  });
  const packets = new DumpPackets(codec, sdp, layers);
  options.opened?.(packets);
  const take = (packet: MediaPacket, layer: number) => ofLayers[layer]?.take(packet);
  for await (const chunk of chunksOf(options)) {
    packets.feed(chunk, take);
    yield ofLayers.flatMap((frames) => frames.pull());
    options.onBytes(chunk.length);
  }
  packets.end(take);
  for (const frames of ofLayers) frames.flush();
  yield ofLayers.flatMap((frames) => frames.pull());
  return ofLayers.map(({ statistics }) => statistics).reduce(sumOfCounts);
}

/** Some hundred packets each: more live long enough to cost the collector. */
const SOUND_PIECE_BYTES = 32 * 1024;
const PICTURE_PIECE_BYTES = 256 * 1024;

/** The bytes that the scan could read: damage was reported by it, and ends the bytes here at the same place. */
async function* chunksOf({
  segment,
  spool,
  ...reading
}: Omit<SegmentFramesOptions, 'runs' | 'opened'>): AsyncGenerator<Uint8Array> {
  if (spool !== undefined) {
    const usual = segment.codec === 'opus' ? SOUND_PIECE_BYTES : PICTURE_PIECE_BYTES;
    // Nothing of this waits for anything: an abort would not be heard before the end. Worker threads have no signal, as an abort ends
    // them, and take 30 MiB more when they look up.
    const turns = reading.signal && new Turns(reading.signal);
    for (const chunk of readSpool(spool, reading.copyPieceBytes ?? usual)) {
      if (turns?.isOver) await turns.pass();
      reading.signal?.throwIfAborted();
      yield chunk;
    }
    return;
  }
  if (segment.dump !== undefined) yield* readableBytesOf(segment.dump, reading);
}

/** Packets of several runs through one depacketizer. */
class RunFrames {
  readonly #depacketizer: Depacketizer;
  readonly #runs: ReadonlyMap<number, TrackRun>;
  /** Number under which the depacketizer knows the current run, and the run itself. */
  #logical = -1;
  #current: TrackRun | undefined;
  #lastSequence = 0;

  constructor(depacketizer: Depacketizer, runs: ReadonlyMap<number, TrackRun>) {
    this.#depacketizer = depacketizer;
    this.#runs = runs;
  }

  readonly take = (packet: MediaPacket): void => {
    if (packet.run === this.#current?.run && this.#logical === packet.run) {
      this.#lastSequence = packet.sequence;
      this.#depacketizer.push(packet);
    } else this.#depacketizer.push(this.#renumbered(packet));
  };

  #renumbered(packet: MediaPacket): MediaPacket {
    let { lossBefore } = packet;
    if (packet.run !== this.#current?.run) {
      const run = this.#runs.get(packet.run);
      const goesOn = run?.source === 'continuous' && this.#current !== undefined;
      if (goesOn) lossBefore = Math.max(0, packet.sequence - this.#lastSequence - 1);
      else this.#logical = packet.run;
      this.#current = run;
    }
    this.#lastSequence = packet.sequence;
    return { ...packet, run: this.#logical, lossBefore };
  }

  flush(): void {
    this.#depacketizer.flush();
  }

  pull(): PlacedFrame[] {
    const placed: PlacedFrame[] = [];
    for (let frame = this.#depacketizer.pull(); frame !== undefined; frame = this.#depacketizer.pull()) {
      const run = this.#runs.get(frame.run);
      if (run !== undefined) placed.push({ frame, run });
    }
    return placed;
  }

  get statistics(): FrameCounts {
    return countsOf(this.#depacketizer);
  }
}
