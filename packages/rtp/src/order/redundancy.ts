import { parseRed, type RedBlock } from '../packet/red.ts';
import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { Arrival, ArrivalReader } from './arrival.ts';
import type { FecRepair } from './fec/fec-repair.ts';
import type { PayloadPolicy } from './payload-policy.ts';
import type { Sequencer } from './sequencer.ts';
import type { StreamStatistics } from './statistics.ts';
import { MAX_DROPOUT, unwrapSequence } from './unwrap.ts';
import type { Waiting } from './waiting-packets.ts';

/** A retransmission is of the last seconds: 10 s is far above any sender's history, far below a wrap. */
const RTX_REACH_MS = 10_000;
/** How far a retransmission may lie outside what has been seen: what was lost at an edge of the recording. */
const RTX_REACH_PACKETS = 100;

/** Puts what was sent twice in its place: retransmissions (RTX) and packets that carry older ones (RED). */
export class Redundancy {
  readonly #policy: PayloadPolicy;
  readonly #reader: ArrivalReader;
  readonly #sequencer: Sequencer;
  readonly #statistics: StreamStatistics;
  readonly #fec: FecRepair | undefined;

  constructor(
    policy: PayloadPolicy,
    reader: ArrivalReader,
    sequencer: Sequencer,
    statistics: StreamStatistics,
    fec: FecRepair | undefined,
  ) {
    this.#policy = policy;
    this.#reader = reader;
    this.#sequencer = sequencer;
    this.#statistics = statistics;
    this.#fec = fec;
  }

  /**
   * RTX payload (RFC 4588 §4).
   *
   * ```
   * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   * |  original sequence number     |  original payload ...
   * ```
   *
   * @returns false where the original cannot be a packet of the followed stream
   */
  placeRetransmission({ packet, receivedMs }: Waiting): boolean {
    if (packet.payloadLength === 0) return true;
    const apt = this.#policy.repeatedBy(packet.payloadType);
    if (packet.payloadLength === 1) this.#statistics.malformed++;
    else if (apt === undefined) this.#statistics.foreign++;
    else {
      const sequence = this.#locateOriginal(packet);
      if (sequence === undefined) return false;
      const arrival = this.#reader.read(packet, sequence, receivedMs);
      arrival.payload = packet.payloadLength === 2 ? undefined : packet.payload.subarray(2);
      arrival.recovered = true;
      if (arrival.payload !== undefined && this.#policy.useOf(apt) === 'red')
        this.placeRed(arrival, arrival.payload, packet);
      else this.#sequencer.place(arrival);
      this.#sequencer.drain();
    }
    return true;
  }

  /**
   * The blocks of one RED packet; older ones only where they are missing, each one number before the next.
   *
   * @param carrier RED, or a retransmission of it
   */
  placeRed(arrival: Arrival, payload: Uint8Array, carrier: RtpPacket): void {
    const red = parseRed(payload);
    if (red === undefined) {
      this.#statistics.malformed++;
      return;
    }
    if (this.#sequencer.space.highest !== undefined) this.#placeBlocks(red.redundant, arrival, payload);
    const { payloadType, start, end } = red.primary;
    const isMedia = this.#policy.isMediaBlock(payloadType);
    arrival.payload = isMedia && start < end ? payload.subarray(start, end) : undefined;
    if (!isMedia) {
      this.#sequencer.offer(arrival);
      const parse = this.#policy.fecOf(payloadType);
      if (parse === undefined || this.#fec === undefined) this.#statistics.foreign++;
      else this.#fec.take(parse, payload.subarray(start, end), carrier, arrival.receivedMs);
    } else if (this.#sequencer.place(arrival) && arrival.payload === undefined) this.#statistics.padding++;
  }

  #placeBlocks(blocks: readonly RedBlock[], carrier: Arrival, payload: Uint8Array): void {
    // What was sent before the recording's first packet is not missing from it.
    const first = this.#sequencer.first ?? carrier.sequence;
    for (const [index, block] of blocks.entries()) {
      const sequence = carrier.sequence - blocks.length + index;
      if (!this.#policy.isMediaBlock(block.payloadType) || block.start === block.end) continue;
      if (sequence < first) continue;
      this.#sequencer.fill({
        sequence,
        timestamp: (carrier.timestamp - block.timestampOffset) >>> 0,
        receivedMs: carrier.receivedMs,
        marker: false,
        payload: payload.subarray(block.start, block.end),
        rotation: undefined,
        audioLevel: undefined,
        recovered: true,
        detoured: true,
      });
    }
  }

  /** Place of the original in the followed stream; undefined where it cannot be one of its packets. */
  #locateOriginal(packet: RtpPacket): number | undefined {
    const { space, next, first } = this.#sequencer;
    const { highest } = space;
    if (highest === undefined) return undefined;
    const { bytes, payloadOffset } = packet;
    const original = ((bytes[payloadOffset] as number) << 8) | (bytes[payloadOffset + 1] as number);
    const sequence = unwrapSequence(highest, original);
    if (sequence > highest + RTX_REACH_PACKETS || sequence < highest - MAX_DROPOUT) return undefined;
    if (next === undefined && sequence < (first ?? highest) - RTX_REACH_PACKETS) return undefined;
    return Math.abs(space.msAhead(packet.timestamp)) <= RTX_REACH_MS ? sequence : undefined;
  }
}
