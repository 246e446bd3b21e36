import { isRtcp, parseRtcpCompound } from '../packet/rtcp.ts';
import { parseUnmultiplexed, type RtpFault, type RtpPacket } from '../packet/rtp-packet.ts';
import type { RtpdumpRecord } from '../rtpdump/rtpdump-reader.ts';
import { ArrivalReader } from './arrival.ts';
import { FecRepair } from './fec/fec-repair.ts';
import { lateExtensions } from './fec/late-extensions.ts';
import { FollowedSource } from './followed-source.ts';
import type { MediaPacket } from './media-packet.ts';
import type { MediaStreamOptions } from './media-stream-options.ts';
import { PayloadDecision } from './payload-decision.ts';
import { PayloadPolicy } from './payload-policy.ts';
import { Redundancy } from './redundancy.ts';
import type { StreamReport } from './report-book.ts';
import type { RunInfo } from './run-info.ts';
import { Sequencer } from './sequencer.ts';
import { SourceElection } from './source-election.ts';
import { emptyStatistics, type StreamStatistics } from './statistics.ts';
import { type Waiting, WaitingPackets } from './waiting-packets.ts';

/** What says that a packet goes on where its record ends. */
const CUT = 'cut';
const CUT_OFF: ReadonlySet<RtpFault | typeof CUT> = new Set([
  CUT,
  'short-header',
  'csrc-overrun',
  'extension-overrun',
]);
/** Retransmissions that wait for the source they belong to. */
const MAX_PARKED = 256;
/** Three layers of a camera that reconnects a few times; each costs a stream of its own. */
const MOST_LAYERS = 16;

/**
 * From the records of one dump to the packets of one media stream: in order, each once, without strangers.
 *
 * A record goes through five stages, each with one kind of state.
 *
 * 1. *Payload type* (PayloadPolicy). **Undecided** at first: packets wait until one has a payload type that the SDP
 *    names for the codec; after 512 packets, or at the end, the majority decides instead. Then **decided**, and what
 *    waited goes on as if it came now. A payload type that nothing names and that takes the media's place later on is the
 *    media's, too (PayloadChange).
 * 2. *Source* (SourceElection). **Nobody followed** until an SSRC shows two neighbouring packets. Then one SSRC is
 *    **followed**; others are on probation and take over once the followed one stays silent. Retransmissions that fit
 *    nobody yet are parked until that is settled.
 * 3. *Sequence space.* In **order** while steps are within ±3000. A packet outside of that, or behind in sequence but
 *    ahead in time, is **questioned**: the next one confirms it (a new epoch with both: reason `sequence-reset`) or
 *    does not (it was a freak, malformed).
 * 4. *Order* (ReorderBuffer). Late packets, retransmissions, redundancy and what FEC rebuilds go back in their place; padding, and what
 *    else shares the media's sequence numbers, takes up its place and stays there. The first second of an epoch is
 *    held back, since what overtook its first packet is not known.
 * 5. *Clock* (RunCutter). Timestamps are unwrapped; where they and the receive times part, a run ends.
 *
 * Sender reports go past all that into the ReportBook, and come out with the run of the packet before them.
 *
 * `push` every record, `pull` until undefined, at the end `flush` and pull once more. Never throws on what a record
 * contains; memory is bounded whatever comes.
 */
export class MediaStream {
  readonly #statistics: StreamStatistics = emptyStatistics();
  readonly #payloadTypes = new Uint32Array(128);
  readonly #policy: PayloadPolicy;
  /** Undefined once the payload types are known. */
  #decision: PayloadDecision | undefined;
  readonly #election: SourceElection;
  readonly #sequencer: Sequencer;
  readonly #redundancy: Redundancy;
  readonly #followed: FollowedSource;
  /** Undefined where the SDP names no forward error correction: then packets need not be held for it. */
  readonly #fec: FecRepair | undefined;
  readonly #parked = new WaitingPackets();
  #flushed = false;

  /** @throws {RangeError} when the clock rate is not a positive number */
  constructor(options: MediaStreamOptions) {
    const { description, codec, clockRate } = options;
    if (!(clockRate > 0)) throw new RangeError(`MediaStream: clock rate ${clockRate} is not positive`);
    const statistics = this.#statistics;
    const reader = new ArrivalReader(description?.extensions);
    this.#policy = new PayloadPolicy(codec, description);
    this.#decision = new PayloadDecision(this.#policy);
    this.#election = new SourceElection(options.takeoverMs ?? 1000, statistics);
    this.#sequencer = new Sequencer(options, statistics);
    if (this.#policy.knowsFec) {
      const late = lateExtensions(description?.extensions);
      this.#fec = new FecRepair(this.#policy, reader, this.#sequencer, statistics, late);
    }
    this.#redundancy = new Redundancy(this.#policy, reader, this.#sequencer, statistics, this.#fec);
    this.#followed = new FollowedSource({
      policy: this.#policy,
      election: this.#election,
      reader,
      redundancy: this.#redundancy,
      sequencer: this.#sequencer,
      statistics,
      fec: this.#fec,
    });
  }

  get statistics(): Readonly<StreamStatistics> {
    return this.#statistics;
  }
  /** RTP packets with a payload by payload type, of all sources. */
  payloadTypes(): Map<number, number> {
    const seen = new Map<number, number>();
    for (const [payloadType, count] of this.#payloadTypes.entries())
      if (count > 0) seen.set(payloadType, count);
    return seen;
  }
  /** Grows as packets are given out. */
  get runs(): readonly RunInfo[] {
    return this.#sequencer.runs;
  }
  /**
   * SSRCs that sent media side by side, as the layers of one camera do (simulcast, RFC 8853): those that were followed, and
   * those that were not. Empty where there was one at a time.
   */
  get layers(): readonly number[] {
    const { beside } = this.#election;
    if (beside.length === 0) return [];
    return [...new Set([...this.runs.map(({ ssrc }) => ssrc), ...beside])].slice(0, MOST_LAYERS);
  }
  /** Of the followed SSRC, in order of arrival, as far as packets have been given out. */
  get senderReports(): readonly StreamReport[] {
    return this.#sequencer.reports;
  }

  push(record: RtpdumpRecord): void {
    if (record.kind === 'rtcp' || this.#isRtcp(record.bytes)) {
      this.#takeRtcp(record);
      return;
    }
    const packet = record.truncated ? CUT : parseUnmultiplexed(record.bytes);
    if (typeof packet === 'string') {
      this.#statistics.malformed++;
      if (CUT_OFF.has(packet)) this.#statistics.cut++;
      return;
    }
    if (packet.payloadLength === 0) this.#statistics.empty++;
    else (this.#payloadTypes[packet.payloadType] as number)++;
    if (this.#decision === undefined) this.#route(packet, record.offsetMs);
    else if (this.#decision.wait(packet, record.offsetMs)) this.#decide(this.#decision);
  }

  pull(): MediaPacket | undefined {
    return this.#sequencer.pull();
  }

  /** No more records come. Everything that waited can be pulled; pushing more is not provided for. */
  flush(): void {
    if (this.#flushed) return;
    this.#flushed = true;
    if (this.#decision !== undefined) this.#decide(this.#decision);
    this.#followed.settleChange(true);
    for (let winner = this.#election.settle(); winner !== undefined; winner = this.#election.settle()) {
      this.#follow(winner);
    }
    this.#sequencer.finish();
    this.#statistics.foreign += this.#parked.takeAll().length;
  }

  /** RTCP among the RTP, unless it is a packet with marker bit of a payload type that only looks so (RFC 5761 §4). */
  #isRtcp(bytes: Uint8Array): boolean {
    if (!isRtcp(bytes)) return false;
    const use = this.#policy.useOf((bytes[1] as number) & 0x7f);
    return use === 'unknown' && parseRtcpCompound(bytes).packets > 0;
  }

  #takeRtcp({ bytes, offsetMs }: RtpdumpRecord): void {
    const { packets, senderReports } = parseRtcpCompound(bytes);
    if (packets === 0) {
      this.#statistics.malformed++;
      if (isRtcp(bytes)) this.#statistics.cut++;
    }
    this.#sequencer.takeReports(senderReports, offsetMs);
  }

  #decide(decision: PayloadDecision): void {
    this.#decision = undefined;
    for (const { packet, receivedMs } of decision.decide()) this.#route(packet, receivedMs);
  }

  #route(packet: RtpPacket, receivedMs: number): void {
    const use = this.#policy.useOf(packet.payloadType);
    if (use === 'rtx') {
      this.#statistics.retransmissions++;
      this.#takeRetransmission({ packet, receivedMs });
    } else if (packet.ssrc === this.#sequencer.ssrc) this.#followed.take(packet, use, receivedMs);
    else if (use === 'media' || use === 'red') this.#takeStranger(packet, receivedMs);
    else if (use === 'fec') this.#fec?.takePacket(packet, receivedMs);
    else this.#statistics.foreign++;
  }

  #takeStranger(packet: RtpPacket, receivedMs: number): void {
    // Padding alone is no claim to be the stream.
    if (packet.payloadLength === 0 && !this.#election.knows(packet.ssrc)) {
      this.#statistics.foreign++;
      return;
    }
    this.#election.consider(packet, receivedMs);
    let winner = this.#election.elect(receivedMs);
    while (winner !== undefined) {
      this.#follow(winner);
      winner = this.#election.elect(receivedMs);
    }
  }

  #follow(packets: readonly Waiting[]): void {
    const ssrc = packets[0]?.packet.ssrc;
    if (ssrc === undefined) return;
    this.#followed.refuseChange();
    this.#sequencer.follow(ssrc);
    for (const { packet, receivedMs } of packets) this.#followed.takeMedia(packet, receivedMs);
    for (const retransmission of this.#parked.takeAll()) this.#takeRetransmission(retransmission);
  }

  /** One that fits nobody is parked while another source may still turn out to be the media. */
  #takeRetransmission(retransmission: Waiting): void {
    if (this.#redundancy.placeRetransmission(retransmission)) return;
    const isSettled = this.#sequencer.ssrc !== undefined && !this.#election.open;
    if (!isSettled) this.#parked.add(retransmission);
    if (isSettled || this.#parked.count > MAX_PARKED) this.#statistics.foreign++;
    if (this.#parked.count > MAX_PARKED) this.#parked.dropOldest(1);
  }
}
