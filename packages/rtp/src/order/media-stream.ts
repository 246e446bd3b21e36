import type { Codec } from '../codec.ts';
import { AUDIO_LEVEL_URI, parseAudioLevel } from '../packet/audio-level.ts';
import { parseRed, type RedPayload } from '../packet/red.ts';
import { isRtcp, parseRtcpCompound } from '../packet/rtcp.ts';
import { parseUnmultiplexed, type RtpFault, type RtpPacket } from '../packet/rtp-packet.ts';
import { parseVideoOrientation, VIDEO_ORIENTATION_URI } from '../packet/video-orientation.ts';
import type { RtpdumpRecord } from '../rtpdump/rtpdump-reader.ts';
import type { SessionDescription } from '../sdp/session-description.ts';
import type { Arrival } from './arrival.ts';
import type { AudioLevel, MediaPacket, Rotation } from './media-packet.ts';
import { PayloadChange } from './payload-change.ts';
import { PayloadPolicy } from './payload-policy.ts';
import { ReorderBuffer } from './reorder-buffer.ts';
import { ReportBook, type StreamReport } from './report-book.ts';
import { RunCutter, type RunInfo, type RunReason } from './run-cutter.ts';
import { SourceElection, type Waiting, watchPackets } from './source-election.ts';
import { emptyStatistics, type StreamStatistics } from './statistics.ts';
import { sequenceDistance, timestampDistance, unwrapSequence } from './unwrap.ts';

export interface MediaStreamOptions {
  /** Names the payload types, RTX, RED and the header extensions. Without it the majority of packets decides. */
  readonly description?: SessionDescription | undefined;
  readonly codec: Codec;
  /** Ticks per second of the RTP timestamps: 48000 for Opus, 90000 for video. */
  readonly clockRate: number;
  /** A run ends where RTP time and receive time differ by more than this from one packet to the next. Default 20,000. */
  readonly jumpMs?: number | undefined;
  /** Receive time that a missing packet is waited for. Default 1000. */
  readonly reorderWindowMs?: number | undefined;
  /** Packets that may wait behind a missing one. Default 4096. */
  readonly reorderPackets?: number | undefined;
  /** Silence of the followed SSRC after which another one takes over. Default 1000. */
  readonly takeoverMs?: number | undefined;
}

/** What says that a packet goes on where its record ends. */
const CUT = 'cut';
const CUT_OFF: ReadonlySet<RtpFault | typeof CUT> = new Set([
  CUT,
  'short-header',
  'csrc-overrun',
  'extension-overrun',
]);
/** RFC 3550 appendix A.1, MAX_DROPOUT: a larger step is a new beginning, if the next packet says so too. */
const MAX_STEP = 3000;
/** A clock that stood or a network that froze for longer begins anew as far as anybody can tell. */
const MOST_STEP_MS = 20_000;
/** Pictures between others that are decoded before them. */
const MOST_REORDER_MS = 1000;
/** RTP packets among which one has a payload type that the SDP names, or else the majority decides. */
const MAX_UNDECIDED = 512;
/** Retransmissions that wait for the source they belong to. */
const MAX_PARKED = 256;
/** A retransmission is of the last seconds: 10 s is far above any sender's history, far below a wrap. */
const RTX_REACH_MS = 10_000;
/** Three layers of a camera that reconnects a few times; each costs a stream of its own. */
const MOST_LAYERS = 16;
/** How far a retransmission may lie outside what has been seen: what was lost at an edge of the recording. */
const RTX_REACH_PACKETS = 100;

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
 * 4. *Order* (ReorderBuffer). Late packets, retransmissions and redundancy go back in their place; padding, and what
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
  readonly #policy: PayloadPolicy;
  readonly #election: SourceElection;
  readonly #buffer: ReorderBuffer<Arrival>;
  readonly #book = new ReportBook();
  readonly #cutter: RunCutter;
  readonly #reachTicks: number;
  readonly #orientationId: number | undefined;
  readonly #audioLevelId: number | undefined;
  readonly #payloadTypes = new Uint32Array(128);
  /** Stage 1, undefined once decided. */
  #undecided: Waiting[] | undefined = [];
  readonly #undecidedViews = watchPackets();
  readonly #change = new PayloadChange();
  #followed: number | undefined;
  #parked: Waiting[] = [];
  readonly #parkedViews = watchPackets();
  /** Stage 3: highest sequence number of the epoch so far, unwrapped, and that packet's timestamp. */
  #highest: number | undefined;
  #highestTimestamp = 0;
  #questioned: Waiting | undefined;
  #flushed = false;

  /** @throws {RangeError} when the clock rate is not a positive number */
  constructor(options: MediaStreamOptions) {
    const { description, codec, clockRate } = options;
    if (!(clockRate > 0)) throw new RangeError(`MediaStream: clock rate ${clockRate} is not positive`);
    const windowMs = options.reorderWindowMs ?? 1000;
    this.#policy = new PayloadPolicy(codec, description);
    this.#election = new SourceElection(options.takeoverMs ?? 1000, this.#statistics);
    this.#buffer = new ReorderBuffer({
      windowMs,
      maxPackets: options.reorderPackets ?? 4096,
      views: {
        of: ({ payload }) => payload,
        copyInto: (arrival, copy) => {
          arrival.payload = copy;
        },
      },
    });
    const jumpMs = options.jumpMs ?? MOST_STEP_MS;
    const backMs = codec === 'h264' ? MOST_REORDER_MS : 0;
    this.#cutter = new RunCutter({ clockRate, jumpMs, backMs, windowMs }, this.#statistics, this.#book);
    this.#reachTicks = (RTX_REACH_MS / 1000) * clockRate;
    for (const [id, uri] of description?.extensions ?? []) {
      if (uri === VIDEO_ORIENTATION_URI) this.#orientationId = id;
      if (uri === AUDIO_LEVEL_URI) this.#audioLevelId = id;
    }
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
    return this.#cutter.runs;
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
    return this.#book.reports;
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
    if (this.#undecided === undefined) this.#route(packet, record.offsetMs);
    else this.#wait(this.#undecided, packet, record.offsetMs);
  }

  /** RTCP among the RTP, unless it is a packet with marker bit of a payload type that only looks so (RFC 5761 §4). */
  #isRtcp(bytes: Uint8Array): boolean {
    if (!isRtcp(bytes)) return false;
    const use = this.#policy.useOf((bytes[1] as number) & 0x7f);
    return use === 'unknown' && parseRtcpCompound(bytes).packets > 0;
  }

  pull(): MediaPacket | undefined {
    return this.#cutter.pull();
  }

  /** No more records come. Everything that waited can be pulled; pushing more is not provided for. */
  flush(): void {
    if (this.#flushed) return;
    this.#flushed = true;
    if (this.#undecided !== undefined) this.#decide(this.#undecided);
    this.#settleChange(true);
    for (let winner = this.#election.settle(); winner !== undefined; winner = this.#election.settle()) {
      this.#follow(winner);
    }
    this.#endEpoch();
    this.#cutter.finish();
    this.#statistics.foreign += this.#parked.length;
    this.#parked = [];
    this.#parkedViews.clear();
  }

  #takeRtcp(record: RtpdumpRecord): void {
    const { packets, senderReports } = parseRtcpCompound(record.bytes);
    if (packets === 0) {
      this.#statistics.malformed++;
      if (isRtcp(record.bytes)) this.#statistics.cut++;
    }
    const afterSequence = this.#highest ?? Number.NEGATIVE_INFINITY;
    for (const report of senderReports) {
      if (report.ssrc !== this.#followed) this.#book.noteStranger(report, record.offsetMs);
      else this.#book.note(report, record.offsetMs, this.#cutter.epoch, afterSequence);
    }
    this.#cutter.settleReports();
  }

  #wait(undecided: Waiting[], packet: RtpPacket, receivedMs: number): void {
    const waiting = { packet, receivedMs };
    undecided.push(waiting);
    this.#undecidedViews.hold(waiting);
    const use = this.#policy.useOf(packet.payloadType);
    if (use === 'media' || use === 'red' || undecided.length === MAX_UNDECIDED) this.#decide(undecided);
  }

  #decide(undecided: readonly Waiting[]): void {
    const named = undecided.some(({ packet }) => {
      const use = this.#policy.useOf(packet.payloadType);
      return use === 'media' || use === 'red';
    });
    if (!named) this.#policy.decide(undecided);
    this.#undecided = undefined;
    this.#undecidedViews.clear();
    for (const { packet, receivedMs } of undecided) this.#route(packet, receivedMs);
  }

  #route(packet: RtpPacket, receivedMs: number): void {
    const use = this.#policy.useOf(packet.payloadType);
    if (use === 'rtx') {
      this.#statistics.retransmissions++;
      this.#takeRetransmission({ packet, receivedMs });
    } else if (use === 'media' || use === 'red') {
      if (packet.ssrc === this.#followed) {
        this.#refuseChange();
        this.#takeFollowed(packet, receivedMs);
      } else this.#takeStranger(packet, receivedMs);
    } else if (packet.ssrc === this.#followed && this.#policy.recognizeRed(packet)) {
      this.#takeFollowed(packet, receivedMs);
    } else if (use === 'unknown' && packet.ssrc === this.#followed && packet.payloadLength > 0) {
      this.#takeUnnamed(packet, receivedMs);
    } else {
      this.#statistics.foreign++;
      if (packet.ssrc === this.#followed) this.#takePlaceholder(packet, receivedMs);
    }
  }

  #takeUnnamed(packet: RtpPacket, receivedMs: number): void {
    if (!this.#change.isOf(packet)) this.#refuseChange();
    this.#change.wait(packet, receivedMs);
    this.#settleChange(false);
  }

  #settleChange(isEnd: boolean): void {
    const verdict = this.#change.verdict(isEnd);
    if (verdict === 'other') this.#refuseChange();
    if (verdict !== 'media') return;
    for (const { packet, receivedMs } of this.#change.take()) {
      this.#policy.adopt(packet.payloadType);
      this.#takeFollowed(packet, receivedMs);
    }
  }

  /** What waited was beside the media, and shares its sequence numbers. */
  #refuseChange(): void {
    if (!this.#change.open) return;
    for (const { packet, receivedMs } of this.#change.take()) {
      this.#statistics.foreign++;
      if (packet.ssrc === this.#followed) this.#takePlaceholder(packet, receivedMs);
    }
  }

  #takeStranger(packet: RtpPacket, receivedMs: number): void {
    // Padding alone is no claim to be the stream.
    if (packet.payloadLength === 0 && !this.#election.knows(packet.ssrc)) {
      this.#statistics.foreign++;
      return;
    }
    this.#election.consider(packet, receivedMs);
    for (let winner = this.#elect(receivedMs); winner !== undefined; winner = this.#elect(receivedMs)) {
      this.#follow(winner);
    }
  }

  #elect(nowMs: number): Waiting[] | undefined {
    return this.#election.elect(nowMs);
  }

  #follow(packets: readonly Waiting[]): void {
    const ssrc = packets[0]?.packet.ssrc;
    if (ssrc === undefined) return;
    this.#refuseChange();
    this.#startEpoch(ssrc, this.#followed === undefined ? 'start' : 'ssrc-change');
    this.#followed = ssrc;
    this.#book.adopt(ssrc, this.#cutter.epoch);
    for (const { packet, receivedMs } of packets) this.#takeFollowed(packet, receivedMs);
    const parked = this.#parked;
    this.#parked = [];
    this.#parkedViews.clear();
    for (const retransmission of parked) this.#takeRetransmission(retransmission);
  }

  #startEpoch(ssrc: number, reason: RunReason): void {
    this.#endEpoch();
    this.#cutter.startEpoch(ssrc, reason);
    this.#highest = undefined;
  }

  #endEpoch(): void {
    if (this.#questioned !== undefined) this.#statistics.malformed++;
    this.#questioned = undefined;
    this.#buffer.flush();
    this.#drain();
    this.#buffer.restart();
  }

  #takeFollowed(packet: RtpPacket, receivedMs: number): void {
    this.#election.followedSpoke(receivedMs);
    this.#statistics.received++;
    const sequence = this.#locate(packet);
    if (sequence !== undefined) {
      if (this.#questioned !== undefined) {
        this.#questioned = undefined;
        this.#statistics.malformed++;
      }
      this.#placeFollowed(packet, sequence, receivedMs);
      return;
    }
    const questioned = this.#questioned;
    this.#questioned = { packet, receivedMs };
    if (questioned === undefined) return;
    const step = sequenceDistance(questioned.packet.sequence, packet.sequence);
    if (step === 0 || Math.abs(step) > MAX_STEP) {
      this.#statistics.malformed++;
      return;
    }
    this.#questioned = undefined;
    this.#startEpoch(packet.ssrc, 'sequence-reset');
    this.#placeFollowed(questioned.packet, questioned.packet.sequence, questioned.receivedMs);
    this.#placeFollowed(packet, unwrapSequence(questioned.packet.sequence, packet.sequence), receivedMs);
  }

  /** The unwrapped sequence number, or undefined where it makes no sense. */
  #locate(packet: RtpPacket): number | undefined {
    const highest = this.#highest;
    if (highest === undefined) return packet.sequence;
    const sequence = unwrapSequence(highest, packet.sequence);
    const step = sequence - highest;
    if (step > MAX_STEP || step < -MAX_STEP) return undefined;
    // What is too late to be put in place was sent before the newest packet. If its timestamp says that it was sent
    // afterwards, then the numbers have started anew, a little below where they were.
    const next = this.#buffer.next;
    const late = next !== undefined && sequence < next;
    return late && timestampDistance(this.#highestTimestamp, packet.timestamp) > 0 ? undefined : sequence;
  }

  #placeFollowed(packet: RtpPacket, sequence: number, receivedMs: number): void {
    if (packet.payloadLength === 0) {
      if (this.#place(packet, sequence, receivedMs, undefined, false)) this.#statistics.padding++;
    } else if (this.#policy.useOf(packet.payloadType) === 'red') {
      this.#placeRed(packet, packet.payload, sequence, receivedMs, false);
    } else {
      this.#place(packet, sequence, receivedMs, packet.payload, false);
    }
    this.#drain();
  }

  /** Of a payload type that is not wanted, on the media's SSRC: shares its sequence numbers. */
  #takePlaceholder(packet: RtpPacket, receivedMs: number): void {
    if (this.#highest === undefined) return;
    const sequence = this.#locate(packet);
    const next = this.#buffer.next;
    if (sequence === undefined || (next !== undefined && sequence < next)) return;
    this.#offer(packet, sequence, receivedMs, undefined, false);
    this.#drain();
  }

  /**
   * RTX payload (RFC 4588 §4).
   *
   * ```
   * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   * |  original sequence number     |  original payload ...
   * ```
   */
  #takeRetransmission(retransmission: Waiting): void {
    const { packet, receivedMs } = retransmission;
    if (packet.payloadLength === 0) return;
    const apt = this.#policy.repeatedBy(packet.payloadType);
    if (packet.payloadLength === 1) this.#statistics.malformed++;
    else if (apt === undefined) this.#statistics.foreign++;
    else {
      const sequence = this.#locateRetransmission(packet);
      if (sequence === undefined) {
        this.#park(retransmission);
        return;
      }
      const payload = packet.payload.subarray(2);
      if (payload.length === 0) this.#place(packet, sequence, receivedMs, undefined, true);
      else if (this.#policy.useOf(apt) === 'red') this.#placeRed(packet, payload, sequence, receivedMs, true);
      else this.#place(packet, sequence, receivedMs, payload, true);
      this.#drain();
    }
  }

  /** Place of the original in the followed stream; undefined where it cannot be one of its packets. */
  #locateRetransmission(packet: RtpPacket): number | undefined {
    const highest = this.#highest;
    if (highest === undefined) return undefined;
    const { bytes, payloadOffset } = packet;
    const original = ((bytes[payloadOffset] as number) << 8) | (bytes[payloadOffset + 1] as number);
    const sequence = unwrapSequence(highest, original);
    const lowest = this.#buffer.next ?? this.#buffer.lowestWaiting ?? highest;
    if (sequence > highest + RTX_REACH_PACKETS || sequence < highest - MAX_STEP) return undefined;
    if (this.#buffer.next === undefined && sequence < lowest - RTX_REACH_PACKETS) return undefined;
    const distance = timestampDistance(this.#highestTimestamp, packet.timestamp);
    return Math.abs(distance) <= this.#reachTicks ? sequence : undefined;
  }

  #park(retransmission: Waiting): void {
    if (this.#followed !== undefined && !this.#election.open) {
      this.#statistics.foreign++;
      return;
    }
    this.#parked.push(retransmission);
    this.#parkedViews.hold(retransmission);
    if (this.#parked.length <= MAX_PARKED) return;
    this.#parked.shift();
    this.#statistics.foreign++;
  }

  /** The blocks of one RED packet; older ones only where they are missing, each one number before the next. */
  #placeRed(
    packet: RtpPacket,
    payload: Uint8Array,
    sequence: number,
    receivedMs: number,
    recovered: boolean,
  ): void {
    const red = parseRed(payload);
    if (red === undefined) {
      this.#statistics.malformed++;
      return;
    }
    if (this.#highest !== undefined) this.#placeRedundant(packet, payload, red, sequence, receivedMs);
    const { payloadType, start, end } = red.primary;
    if (!this.#policy.isMediaBlock(payloadType)) {
      this.#statistics.foreign++;
      this.#offer(packet, sequence, receivedMs, undefined, recovered);
    } else if (start === end) {
      if (this.#place(packet, sequence, receivedMs, undefined, recovered)) this.#statistics.padding++;
    } else {
      this.#place(packet, sequence, receivedMs, payload.subarray(start, end), recovered);
    }
  }

  #placeRedundant(
    packet: RtpPacket,
    payload: Uint8Array,
    { redundant }: RedPayload,
    sequence: number,
    receivedMs: number,
  ): void {
    // What was sent before the recording's first packet is not missing from it.
    const first = this.#buffer.next ?? this.#buffer.lowestWaiting ?? sequence;
    for (const [index, block] of redundant.entries()) {
      const place = sequence - redundant.length + index;
      if (!this.#policy.isMediaBlock(block.payloadType) || block.start === block.end) continue;
      if (place < first) continue;
      const outcome = this.#buffer.push(place, receivedMs, {
        sequence: place,
        timestamp: (packet.timestamp - block.timestampOffset) >>> 0,
        receivedMs,
        marker: false,
        payload: payload.subarray(block.start, block.end),
        rotation: undefined,
        audioLevel: undefined,
        detoured: true,
      });
      if (outcome === 'accepted') this.#statistics.recovered++;
    }
  }

  /** Offers a packet to the order and counts what becomes of it; true when it got a place. */
  #place(
    packet: RtpPacket,
    sequence: number,
    receivedMs: number,
    payload: Uint8Array | undefined,
    recovered: boolean,
  ): boolean {
    const overtaken = this.#highest !== undefined && sequence < this.#highest;
    const outcome = this.#offer(packet, sequence, receivedMs, payload, recovered);
    if (outcome === 'late') this.#statistics.late++;
    else if (outcome === 'duplicate') this.#statistics.duplicate++;
    else if (recovered) this.#statistics.recovered++;
    else if (overtaken) this.#statistics.reordered++;
    return outcome === 'accepted';
  }

  #offer(
    packet: RtpPacket,
    sequence: number,
    receivedMs: number,
    payload: Uint8Array | undefined,
    recovered: boolean,
  ): 'accepted' | 'late' | 'duplicate' {
    const highest = this.#highest;
    const timestamp = packet.timestamp;
    const overtaken = highest !== undefined && sequence < highest;
    if (highest === undefined || sequence > highest) {
      this.#highest = sequence;
      // Padding may carry any timestamp.
      if (payload !== undefined || highest === undefined) this.#highestTimestamp = timestamp;
    }
    return this.#buffer.push(sequence, receivedMs, {
      sequence,
      timestamp,
      receivedMs,
      marker: packet.marker,
      payload,
      rotation: this.#rotationOf(packet),
      audioLevel: this.#audioLevelOf(packet),
      detoured: recovered || overtaken,
    });
  }

  #rotationOf(packet: RtpPacket): Rotation | undefined {
    if (this.#orientationId === undefined) return undefined;
    const data = packet.extension(this.#orientationId);
    return data === undefined ? undefined : parseVideoOrientation(data);
  }

  #audioLevelOf(packet: RtpPacket): AudioLevel | undefined {
    if (this.#audioLevelId === undefined) return undefined;
    const data = packet.extension(this.#audioLevelId);
    return data === undefined ? undefined : parseAudioLevel(data);
  }

  #drain(): void {
    for (let arrival = this.#buffer.pull(); arrival !== undefined; arrival = this.#buffer.pull()) {
      this.#cutter.release(arrival, this.#buffer.lossBefore);
    }
  }
}
