import type { SenderReport } from '../packet/rtcp.ts';
import { unwrapTimestamp } from './unwrap.ts';

/** A sender report of the followed stream, on the same scale as its packets. */
export interface StreamReport {
  readonly run: number;
  /** Unwrapped in the run's space; before the first packet's where the report is older. */
  readonly rtpTicks: number;
  /** The sender's wall clock, unix ms. */
  readonly ntpMs: number;
  /** Receive time, ms since the dump's start. */
  readonly receivedMs: number;
}

interface Waiting {
  readonly report: SenderReport;
  readonly receivedMs: number;
  readonly epoch: number;
  readonly afterSequence: number;
}

/** Reports of SSRCs that are not followed (yet) and of packets not given out yet: what is older goes. */
const MAX_STRANGERS = 64;
const MAX_WAITING = 1024;
/** At the three reports a second that were seen in the wild, some twelve hours; then every second one is kept. */
const MAX_REPORTS = 131_072;

/**
 * Assigns sender reports to runs. A report belongs to the run of the packet that came before it on the wire, or of
 * the first packet where it came before all. That packet may still be waiting for its turn: then so does the report.
 */
export class ReportBook {
  #reports: StreamReport[] = [];
  #strangers: { report: SenderReport; receivedMs: number }[] = [];
  #waiting: Waiting[] = [];
  #stride = 1;
  #skipped = 0;

  get reports(): readonly StreamReport[] {
    return this.#reports;
  }
  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** A report of an SSRC that is not followed, at least not now. */
  noteStranger(report: SenderReport, receivedMs: number): void {
    this.#strangers.push({ report, receivedMs });
    if (this.#strangers.length > MAX_STRANGERS) this.#strangers.shift();
  }

  /** A report of the followed SSRC that came behind packet `afterSequence` of `epoch`. */
  note(report: SenderReport, receivedMs: number, epoch: number, afterSequence: number): void {
    this.#waiting.push({ report, receivedMs, epoch, afterSequence });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  /**
   * `ssrc` is followed from now on: its reports so far belong to the first packet of `epoch`. What still waits is of
   * the source before it, which gave out no packet that could tell its run.
   */
  adopt(ssrc: number, epoch: number): void {
    this.#waiting = [];
    const strangers = this.#strangers;
    this.#strangers = [];
    for (const { report, receivedMs } of strangers) {
      if (report.ssrc === ssrc) this.note(report, receivedMs, epoch, Number.NEGATIVE_INFINITY);
      else this.#strangers.push({ report, receivedMs });
    }
  }

  /** The packet `sequence` of `epoch` has had its turn, in `run`, at `rtpTicks`. */
  settle(epoch: number, sequence: number, run: number, rtpTicks: number): void {
    let count = 0;
    for (const { report, receivedMs, epoch: at, afterSequence } of this.#waiting) {
      if (at > epoch || (at === epoch && afterSequence > sequence)) break;
      count++;
      const ticks = unwrapTimestamp(rtpTicks, report.rtpTimestamp);
      this.#add({ run, rtpTicks: ticks, ntpMs: report.ntpMs, receivedMs });
    }
    if (count > 0) this.#waiting.splice(0, count);
  }

  #add(report: StreamReport): void {
    if (this.#skipped + 1 < this.#stride) {
      this.#skipped++;
      return;
    }
    this.#skipped = 0;
    this.#reports.push(report);
    if (this.#reports.length < MAX_REPORTS) return;
    this.#reports = this.#reports.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}
