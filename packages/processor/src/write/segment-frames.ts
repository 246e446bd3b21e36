import { type CodedFrame, createDepacketizer, type Depacketizer, type MediaPacket } from '@rawreel/rtp';
import type { PlannedSegment } from '../plan/plan.ts';
import { DumpPackets, formatParameters } from '../scan/dump-packets.ts';
import { openDump, type ReadingOptions } from '../scan/open-dump.ts';
import { readSpool } from '../scan/spool.ts';
import type { FrameCounts } from '../scan/why-no-media.ts';
import type { TrackRun } from '../time/track-runs.ts';

export interface SegmentFramesOptions extends ReadingOptions {
  readonly segment: PlannedSegment;
  readonly spool?: string;
  /** The segment's runs by number. */
  readonly runs: ReadonlyMap<number, TrackRun>;
  /** Told of the dump before it is read: what else than frames it holds grows with them. */
  readonly opened?: (packets: DumpPackets) => void;
}

/** A frame and the run that says when it was. */
export interface PlacedFrame {
  readonly frame: CodedFrame;
  readonly run: TrackRun;
}

/**
 * Reads a dump a second time and gives out its frames, a chunk's worth at a time. Runs that turned out to go on from the
 * one before, such as those on both sides of a network stall, are one to the depacketizer: it need not wait for a key
 * frame.
 *
 * @returns the depacketizer's counts.
 */
export async function* framesOfSegment(
  options: SegmentFramesOptions,
): AsyncGenerator<readonly PlacedFrame[], FrameCounts | undefined> {
  const { segment, runs } = options;
  if (segment.dump === undefined || segment.codec === undefined) return undefined;
  const packets = new DumpPackets(segment.codec, segment.sdp);
  options.opened?.(packets);
  const fmtp = formatParameters(segment.codec, segment.sdp);
  const frames = new RunFrames(createDepacketizer(segment.codec, fmtp === undefined ? {} : { fmtp }), runs);
  for await (const chunk of chunksOf(options)) {
    packets.feed(chunk, frames.take);
    yield frames.pull();
    options.onBytes(chunk.length);
  }
  packets.end(frames.take);
  frames.flush();
  yield frames.pull();
  return frames.statistics;
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
    for (const chunk of readSpool(spool, reading.copyPieceBytes ?? usual)) {
      reading.signal?.throwIfAborted();
      yield chunk;
    }
    return;
  }
  if (segment.dump === undefined) return;
  try {
    yield* openDump(segment.dump, reading);
  } catch (error) {
    reading.signal?.throwIfAborted();
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_ENTRY_')))
      throw error;
  }
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
    const { statistics, framesWithoutParameterSets } = this.#depacketizer;
    return { ...statistics, framesWithoutParameterSets };
  }
}
