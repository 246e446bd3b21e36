import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { ArrivalReader } from './arrival.ts';
import type { FecRepair } from './fec/fec-repair.ts';
import { PayloadChange } from './payload-change.ts';
import type { PayloadPolicy, PayloadUse } from './payload-policy.ts';
import type { Redundancy } from './redundancy.ts';
import type { SequenceSpace } from './sequence-space.ts';
import type { Sequencer } from './sequencer.ts';
import type { SourceElection } from './source-election.ts';
import type { StreamStatistics } from './statistics.ts';
import { unwrapSequence } from './unwrap.ts';

/** What a packet of the followed SSRC goes through. */
export interface FollowedStages {
  readonly policy: PayloadPolicy;
  readonly election: SourceElection;
  readonly reader: ArrivalReader;
  readonly redundancy: Redundancy;
  readonly sequencer: Sequencer;
  readonly statistics: StreamStatistics;
  readonly fec: FecRepair | undefined;
}

/**
 * Takes the packets of the followed SSRC: media and RED go on to their place; what is not wanted takes up its sequence
 * number; a payload type that nothing names waits until it is known to be either (PayloadChange).
 */
export class FollowedSource {
  readonly #policy: PayloadPolicy;
  readonly #election: SourceElection;
  readonly #reader: ArrivalReader;
  readonly #redundancy: Redundancy;
  readonly #sequencer: Sequencer;
  readonly #space: SequenceSpace;
  readonly #statistics: StreamStatistics;
  readonly #fec: FecRepair | undefined;
  readonly #change = new PayloadChange();

  constructor({ policy, election, reader, redundancy, sequencer, statistics, fec }: FollowedStages) {
    this.#policy = policy;
    this.#election = election;
    this.#reader = reader;
    this.#redundancy = redundancy;
    this.#sequencer = sequencer;
    this.#space = sequencer.space;
    this.#statistics = statistics;
    this.#fec = fec;
  }

  take(packet: RtpPacket, use: PayloadUse, receivedMs: number): void {
    if (use === 'media' || use === 'red') {
      this.refuseChange();
      this.takeMedia(packet, receivedMs);
    } else if (this.#policy.recognizeRed(packet)) {
      this.takeMedia(packet, receivedMs);
    } else if (use === 'unknown' && packet.payloadLength > 0) {
      this.#takeUnnamed(packet, receivedMs);
    } else if (use === 'fec') {
      this.#takeUp(packet, receivedMs);
      this.#fec?.takePacket(packet, receivedMs);
    } else {
      this.#takeUnwanted(packet, receivedMs);
    }
  }

  takeMedia(packet: RtpPacket, receivedMs: number): void {
    this.#election.followedSpoke(receivedMs);
    this.#statistics.received++;
    const sequence = this.#space.locate(packet, this.#sequencer.next);
    if (sequence !== undefined) {
      this.#space.dismiss();
      this.#place(packet, sequence, receivedMs);
      return;
    }
    const first = this.#space.question(packet, receivedMs);
    if (first === undefined) return;
    this.#sequencer.resetSequence();
    const begin = first.packet.sequence;
    this.#place(first.packet, begin, first.receivedMs);
    this.#place(packet, unwrapSequence(begin, packet.sequence), receivedMs);
  }

  /** Decides about packets of an unnamed payload type once enough of them wait, or no more come. */
  settleChange(isEnd: boolean): void {
    const verdict = this.#change.verdict(isEnd);
    if (verdict === 'other') this.refuseChange();
    if (verdict !== 'media') return;
    for (const { packet, receivedMs } of this.#change.take()) {
      this.#policy.adopt(packet.payloadType);
      this.takeMedia(packet, receivedMs);
    }
  }

  /** What waited was beside the media. */
  refuseChange(): void {
    if (!this.#change.open) return;
    for (const { packet, receivedMs } of this.#change.take()) this.#takeUnwanted(packet, receivedMs);
  }

  #takeUnnamed(packet: RtpPacket, receivedMs: number): void {
    if (!this.#change.isOf(packet)) this.refuseChange();
    this.#change.wait(packet, receivedMs);
    this.settleChange(false);
  }

  #place(packet: RtpPacket, sequence: number, receivedMs: number): void {
    const arrival = this.#reader.read(packet, sequence, receivedMs);
    const { payload } = arrival;
    if (payload === undefined) {
      if (this.#sequencer.place(arrival)) this.#statistics.padding++;
    } else if (this.#policy.useOf(packet.payloadType) === 'red') {
      this.#redundancy.placeRed(arrival, payload, packet);
      this.#fec?.holdRed(packet, sequence, receivedMs);
    } else {
      this.#sequencer.place(arrival);
      this.#fec?.hold(packet, sequence, 0, receivedMs);
    }
    this.#sequencer.drain();
  }

  #takeUnwanted(packet: RtpPacket, receivedMs: number): void {
    this.#statistics.foreign++;
    this.#takeUp(packet, receivedMs);
  }

  /** It shares the media's sequence numbers, and takes one up. */
  #takeUp(packet: RtpPacket, receivedMs: number): void {
    if (this.#space.highest === undefined) return;
    const { next } = this.#sequencer;
    const sequence = this.#space.locate(packet, next);
    if (sequence === undefined || (next !== undefined && sequence < next)) return;
    const arrival = this.#reader.read(packet, sequence, receivedMs);
    arrival.payload = undefined;
    this.#sequencer.offer(arrival);
    this.#sequencer.drain();
  }
}
