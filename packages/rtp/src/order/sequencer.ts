import type { SenderReport } from '../packet/rtcp.ts';
import type { Arrival } from './arrival.ts';
import type { MediaPacket } from './media-packet.ts';
import type { MediaStreamOptions } from './media-stream-options.ts';
import { type PushOutcome, ReorderBuffer } from './reorder-buffer.ts';
import { ReportBook, type StreamReport } from './report-book.ts';
import { RunCutter } from './run-cutter.ts';
import type { RunInfo, RunReason } from './run-info.ts';
import { SequenceSpace } from './sequence-space.ts';
import type { StreamStatistics } from './statistics.ts';

/** A clock that stood or a network that froze for longer begins anew as far as anybody can tell. */
const MOST_STEP_MS = 20_000;
/** Pictures between others that are decoded before them. */
const MOST_REORDER_MS = 1000;

/** Gives the packets of the followed SSRC their place and their run: stages 3 to 5 of `MediaStream`. */
export class Sequencer {
  readonly #statistics: StreamStatistics;
  readonly #buffer: ReorderBuffer<Arrival>;
  readonly #book = new ReportBook();
  readonly #cutter: RunCutter;
  readonly space: SequenceSpace;
  #ssrc: number | undefined;

  constructor(options: MediaStreamOptions, statistics: StreamStatistics) {
    const { codec, clockRate, jumpMs = MOST_STEP_MS, reorderWindowMs: windowMs = 1000 } = options;
    this.#statistics = statistics;
    this.space = new SequenceSpace(clockRate, statistics);
    this.#buffer = new ReorderBuffer({
      windowMs,
      maxPackets: options.reorderPackets,
      views: {
        of: ({ payload }) => payload,
        copyInto: (arrival, copy) => {
          arrival.payload = copy;
        },
      },
    });
    const backMs = codec === 'h264' ? MOST_REORDER_MS : 0;
    this.#cutter = new RunCutter({ clockRate, jumpMs, backMs, windowMs }, statistics, this.#book);
  }

  /** The followed SSRC. */
  get ssrc(): number | undefined {
    return this.#ssrc;
  }
  /** Grows with each new space of sequence numbers. */
  get epoch(): number {
    return this.#cutter.epoch;
  }
  get runs(): readonly RunInfo[] {
    return this.#cutter.runs;
  }
  get reports(): readonly StreamReport[] {
    return this.#book.reports;
  }
  /** The lowest number that still gets a place; undefined while the epoch has no start yet. */
  get next(): number | undefined {
    return this.#buffer.next;
  }
  /** The lowest number that still gets a place, or that waits for one; undefined before the epoch's first packet. */
  get first(): number | undefined {
    return this.#buffer.next ?? this.#buffer.lowestWaiting;
  }

  /** Another SSRC is followed from now on. */
  follow(ssrc: number): void {
    this.#startEpoch(ssrc, this.#ssrc === undefined ? 'start' : 'ssrc-change');
    this.#ssrc = ssrc;
    this.#book.adopt(ssrc, this.#cutter.epoch);
  }

  /** The followed SSRC counts its packets anew. */
  resetSequence(): void {
    if (this.#ssrc !== undefined) this.#startEpoch(this.#ssrc, 'sequence-reset');
  }

  /** Offers a packet to the order and counts what becomes of it; true when it got a place. */
  place(arrival: Arrival): boolean {
    const outcome = this.offer(arrival);
    if (outcome === 'late') this.#statistics.late++;
    else if (outcome === 'duplicate') this.#statistics.duplicate++;
    else if (arrival.recovered) this.#statistics.recovered++;
    else if (arrival.detoured) this.#statistics.reordered++;
    return outcome === 'accepted';
  }

  /** The same uncounted, for what is not media. */
  offer(arrival: Arrival): PushOutcome {
    const isOvertaken = this.space.advance(arrival);
    arrival.detoured = isOvertaken || arrival.recovered;
    return this.#buffer.push(arrival.sequence, arrival.receivedMs, arrival);
  }

  /** Fills a gap with a redundant block. It is older than the packet it came in: the sequence space stays as it is. */
  fill(block: Arrival): void {
    const outcome = this.#buffer.push(block.sequence, block.receivedMs, block);
    if (outcome === 'accepted') this.#statistics.recovered++;
  }

  /** Call after what was placed: gives what is in order to the clock. */
  drain(): void {
    for (let arrival = this.#buffer.pull(); arrival !== undefined; arrival = this.#buffer.pull()) {
      this.#cutter.release(arrival, this.#buffer.lossBefore);
    }
  }

  takeReports(reports: readonly SenderReport[], receivedMs: number): void {
    const afterSequence = this.space.highest ?? Number.NEGATIVE_INFINITY;
    for (const report of reports) {
      if (report.ssrc === this.#ssrc) this.#book.note(report, receivedMs, this.#cutter.epoch, afterSequence);
      else this.#book.noteStranger(report, receivedMs);
    }
    this.#cutter.settleReports();
  }

  pull(): MediaPacket | undefined {
    return this.#cutter.pull();
  }

  finish(): void {
    this.#endEpoch();
    this.#cutter.finish();
  }

  #startEpoch(ssrc: number, reason: RunReason): void {
    this.#endEpoch();
    this.#cutter.startEpoch(ssrc, reason);
  }

  #endEpoch(): void {
    this.space.restart();
    this.#buffer.flush();
    this.drain();
    this.#buffer.restart();
  }
}
