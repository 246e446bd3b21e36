import { Queue } from '../queue.ts';
import type { Arrival } from './arrival.ts';
import type { MediaPacket } from './media-packet.ts';
import type { ReportBook } from './report-book.ts';
import { RunClock, type RunClockOptions } from './run-clock.ts';
import type { RunInfo, RunReason } from './run-info.ts';
import type { StreamStatistics } from './statistics.ts';
import { unwrapTimestamp } from './unwrap.ts';

interface Suspect {
  readonly arrival: Arrival;
  readonly lossBefore: number;
  readonly ticks: number;
}

/** What is said of a packet that is not like the others. */
type Mark = 'continuesDecoding' | 'restamped';

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Packets of one timestamp that wait: a frame is rarely as large, and nothing may wait without bound. */
const MAX_SUSPECTS = 1024;

/** Only hostile input cuts this often; nothing that would start another run is given out then. */
const MAX_RUNS = 10_000;

/**
 * Takes packets in sequence order, unwraps their timestamps and cuts them into runs.
 *
 * An *epoch* is a stretch of one SSRC with one space of sequence numbers; its first packet always starts a run.
 * Within it a packet whose timestamp and receive time do not advance alike since the packet before becomes a *suspect*
 * and waits, together with what shares its timestamp, for the next one: if that fits the suspect, the clock has jumped and a run
 * starts with the suspect; if it fits the packet before, only the suspect's timestamp was a freak: by its sequence number it lies
 * between the two, and is given a time between theirs. Packets that took a detour cannot vouch for receive
 * times: they are measured more loosely and nothing is measured against them (RunClock).
 */
export class RunCutter {
  readonly #clock: RunClock;
  readonly #statistics: StreamStatistics;
  readonly #reports: ReportBook;
  readonly #runs: RunInfo[] = [];
  #ssrc = 0;
  #epoch = -1;
  /** Why the next packet starts a run; undefined within an epoch. */
  #starting: RunReason | undefined;
  #shut = false;
  /** Of the last packet that had its turn. */
  #sequence = 0;
  #carriedLoss = 0;
  /** Of one timestamp. */
  #suspects: Suspect[] = [];
  readonly #out = new Queue<MediaPacket>();

  constructor(options: RunClockOptions, statistics: StreamStatistics, reports: ReportBook) {
    this.#clock = new RunClock(options);
    this.#statistics = statistics;
    this.#reports = reports;
  }

  get runs(): readonly RunInfo[] {
    return this.#runs;
  }
  get epoch(): number {
    return this.#epoch;
  }

  startEpoch(ssrc: number, reason: RunReason): void {
    this.finish();
    this.#ssrc = ssrc;
    this.#epoch++;
    // An epoch that ended before it gave out a packet leaves its reason to the next one.
    if (this.#starting === undefined || reason === 'ssrc-change') this.#starting = reason;
    if (this.#runs.length === 0) this.#starting = 'start';
    this.#carriedLoss = 0;
  }

  release(arrival: Arrival, missing: number): void {
    this.#statistics.lost += missing;
    const lossBefore = missing + this.#carriedLoss;
    if (arrival.payload === undefined) {
      this.#carriedLoss = lossBefore;
      if (this.#suspects.length === 0) {
        this.#sequence = arrival.sequence;
        this.settleReports();
      }
      return;
    }
    this.#carriedLoss = 0;
    if (this.#shut) {
      this.#statistics.foreign++;
      return;
    }
    if (this.#starting !== undefined) this.#begin(arrival, this.#starting, lossBefore);
    else if (this.#suspects[0] !== undefined) this.#judge(this.#suspects[0], arrival, lossBefore);
    else this.#follow(arrival, lossBefore);
  }

  /** Nothing comes to vouch for a suspect any more: it stands where only its receive time is odd. */
  finish(): void {
    const suspects = this.#suspects;
    this.#suspects = [];
    const [suspect] = suspects;
    if (suspect !== undefined) {
      if (this.#clock.isStep(this.#clock.sinceAnchor(suspect.ticks))) this.#beginWith(suspects);
      else this.#statistics.malformed += suspects.length;
    }
    this.#sequence = Number.POSITIVE_INFINITY;
    this.settleReports();
  }

  /** Assigns the reports whose packet has had its turn. */
  settleReports(): void {
    if (!this.#reports.waiting || this.#starting !== undefined) return;
    this.#reports.settle(this.#epoch, this.#sequence, this.#runs.length - 1, this.#clock.ticks);
  }

  pull(): MediaPacket | undefined {
    return this.#out.pull();
  }

  #follow(arrival: Arrival, lossBefore: number): void {
    const ticks = this.#clock.unwrap(arrival.timestamp);
    if (this.#clock.fits(ticks, arrival)) this.#emit(arrival, ticks, lossBefore);
    else if (ticks === this.#clock.ticks) this.#emit(this.#withTheLast(arrival), ticks, lossBefore);
    else this.#suspects = [{ arrival, lossBefore, ticks }];
  }

  /** No run begins within a frame: what shares its timestamp with the last packet came with that. */
  #withTheLast(arrival: Arrival): Arrival {
    return { ...arrival, receivedMs: this.#clock.anchorMs, detoured: true };
  }

  #judge(suspect: Suspect, arrival: Arrival, lossBefore: number): void {
    const ticks = unwrapTimestamp(suspect.ticks, arrival.timestamp);
    const suspects = this.#suspects;
    if (ticks === suspect.ticks && suspects.length < MAX_SUSPECTS) {
      suspects.push({ arrival, lossBefore, ticks });
      return;
    }
    this.#suspects = [];
    if (this.#clock.fitsSince(suspect.arrival.receivedMs, ticks - suspect.ticks, arrival)) {
      this.#beginWith(suspects);
      if (this.#shut) this.#statistics.foreign++;
      else this.#emit(arrival, ticks, lossBefore);
      return;
    }
    this.#follow(arrival, lossBefore + this.#placeBetween(suspects, arrival));
  }

  #beginWith([first, ...others]: readonly Suspect[]): void {
    if (first === undefined) return;
    this.#begin(first.arrival, 'clock-jump', first.lossBefore);
    for (const { arrival, ticks, lossBefore } of others) {
      if (this.#shut) this.#statistics.foreign++;
      else this.#emit(arrival, ticks, lossBefore);
    }
  }

  /**
   * Gives suspects, of which timestamp or receive time says nothing, those between the last packet's and the next one's.
   *
   * @returns how many packets are missing where there is no time between
   */
  #placeBetween(suspects: readonly Suspect[], next: Arrival): number {
    const last = this.#clock.ticks;
    const room = this.#clock.unwrap(next.timestamp) - last;
    const between = last + Math.round(room / 2);
    if (room < 2 || !this.#clock.isStep(room)) {
      this.#statistics.malformed += suspects.length;
      this.#statistics.lost += suspects.length;
      return suspects.reduce((lost, { lossBefore }) => lost + lossBefore + 1, 0);
    }
    for (const { arrival, lossBefore } of suspects) {
      const receivedMs = Math.min(Math.max(arrival.receivedMs, this.#clock.anchorMs), next.receivedMs);
      this.#emit({ ...arrival, receivedMs, detoured: true }, between, lossBefore, 'restamped');
    }
    return 0;
  }

  #begin(arrival: Arrival, reason: RunReason, missing: number): void {
    if (this.#runs.length === MAX_RUNS) {
      this.#shut = true;
      this.#statistics.foreign++;
      return;
    }
    const continuesTicks = reason === 'clock-jump' || reason === 'sequence-reset';
    const ticks = continuesTicks ? this.#clock.unwrap(arrival.timestamp) : arrival.timestamp;
    this.#starting = undefined;
    this.#runs.push({
      index: this.#runs.length,
      ssrc: this.#ssrc,
      reason,
      firstRtpTicks: ticks,
      firstReceivedMs: arrival.receivedMs,
      continuesTicks,
    });
    this.#clock.restart(ticks, arrival.receivedMs);
    this.#emit(arrival, ticks, 0, reason === 'clock-jump' && missing === 0 ? 'continuesDecoding' : undefined);
  }

  #emit(arrival: Arrival, rtpTicks: number, lossBefore: number, mark?: Mark): void {
    const { sequence, receivedMs, marker, rotation, audioLevel } = arrival;
    const run = this.#runs.length - 1;
    const payload = arrival.payload as Uint8Array;
    this.#clock.advance(rtpTicks, arrival);
    this.#sequence = sequence;
    const packet: Writable<MediaPacket> = {
      run,
      sequence,
      rtpTicks,
      receivedMs,
      marker,
      payload,
      lossBefore,
    };
    if (mark !== undefined) packet[mark] = true;
    if (audioLevel !== undefined) packet.audioLevel = audioLevel;
    if (rotation !== undefined) packet.rotation = rotation;
    this.#out.push(packet);
    this.settleReports();
  }
}
