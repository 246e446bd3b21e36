import type { ParseFec } from '../../packet/fec/fec-packet.ts';
import type { RtpPacket } from '../../packet/rtp-packet.ts';
import type { ArrivalReader } from '../arrival.ts';
import type { PayloadPolicy } from '../payload-policy.ts';
import type { Sequencer } from '../sequencer.ts';
import type { StreamStatistics } from '../statistics.ts';
import { unwrapSequence } from '../unwrap.ts';
import { FecRecovery, type RebuiltPacket } from './fec-recovery.ts';
import { HELD_PACKETS } from './held-media.ts';
import type { LateExtension } from './late-extensions.ts';

/** A rebuilt packet is of the last seconds: far above what is held, far below a wrap. */
const REACH_MS = 10_000;

/** Puts packets in their place that forward error correction brings back (ULPFEC, FlexFEC). */
export class FecRepair {
  readonly #policy: PayloadPolicy;
  readonly #reader: ArrivalReader;
  readonly #sequencer: Sequencer;
  readonly #statistics: StreamStatistics;
  readonly #recovery: FecRecovery;
  #epoch = 0;

  constructor(
    policy: PayloadPolicy,
    reader: ArrivalReader,
    sequencer: Sequencer,
    statistics: StreamStatistics,
    late: readonly LateExtension[],
  ) {
    this.#policy = policy;
    this.#reader = reader;
    this.#sequencer = sequencer;
    this.#statistics = statistics;
    this.#recovery = new FecRecovery(late, (packet) => this.#canBeMedia(packet));
  }

  /** A media packet of the followed source came by itself, with so many octets of RED before its payload. */
  hold(packet: RtpPacket, sequence: number, redBytes: number, receivedMs: number): void {
    this.#followEpoch();
    this.#place(this.#recovery.hold(packet, sequence, redBytes), receivedMs);
  }

  /** The same inside RED, whose header is one octet where there is one block. */
  holdRed(packet: RtpPacket, sequence: number, receivedMs: number): void {
    const head = packet.bytes[packet.payloadOffset];
    if (head !== undefined && this.#policy.useOf(head) === 'media')
      this.hold(packet, sequence, 1, receivedMs);
  }

  /** A packet of an FEC payload type came. */
  takePacket(packet: RtpPacket, receivedMs: number): void {
    const parse = this.#policy.fecOf(packet.payloadType);
    if (parse !== undefined) this.take(parse, packet.payload, packet, receivedMs);
    this.#sequencer.drain();
  }

  /** An FEC payload came, on whatever source. */
  take(parse: ParseFec, payload: Uint8Array, carrier: RtpPacket, receivedMs: number): void {
    this.#statistics.fec++;
    const { ssrc } = this.#sequencer;
    const { highest } = this.#sequencer.space;
    if (ssrc === undefined || highest === undefined) return;
    // What cannot be read may be of a kind that is not understood, and is no damage.
    const fec = parse(payload, carrier);
    if (fec === undefined) return;
    const base = unwrapSequence(highest, fec.base);
    if (Math.abs(base - highest) >= HELD_PACKETS || (fec.ssrc ?? ssrc) !== ssrc) return;
    this.#followEpoch();
    this.#place(this.#recovery.take(fec, base, ssrc), receivedMs);
  }

  /** Each epoch has numbers of its own. */
  #followEpoch(): void {
    const { epoch } = this.#sequencer;
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#recovery.restart();
  }

  #place(rebuilt: readonly RebuiltPacket[], receivedMs: number): void {
    for (const { packet, sequence } of rebuilt) {
      const arrival = this.#reader.read(packet, sequence, receivedMs);
      arrival.recovered = true;
      // What a retransmission brought before, or what came too late to be waited for, is nothing that went wrong.
      if (this.#sequencer.offer(arrival) !== 'accepted') continue;
      this.#statistics.recovered++;
      this.#statistics.recoveredByFec++;
    }
  }

  #canBeMedia(packet: RtpPacket): boolean {
    const isMedia = this.#policy.useOf(packet.payloadType) === 'media';
    return isMedia && Math.abs(this.#sequencer.space.msAhead(packet.timestamp)) <= REACH_MS;
  }
}
