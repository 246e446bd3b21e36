import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { PayloadPolicy } from './payload-policy.ts';
import { type Waiting, WaitingPackets } from './waiting-packets.ts';

/** RTP packets among which one has a payload type that the SDP names, or else the majority decides. */
const MAX_UNDECIDED = 512;

/**
 * The beginning of a dump, while it is not known which payload type carries the media. Packets wait until one has a payload
 * type that the SDP names for the codec; after 512 packets, or at the end, the majority decides instead.
 */
export class PayloadDecision {
  readonly #policy: PayloadPolicy;
  readonly #waiting = new WaitingPackets();

  constructor(policy: PayloadPolicy) {
    this.#policy = policy;
  }

  /** @returns whether it is time to `decide` */
  wait(packet: RtpPacket, receivedMs: number): boolean {
    this.#waiting.add({ packet, receivedMs });
    return this.#isMedia(packet) || this.#waiting.count === MAX_UNDECIDED;
  }

  /** @returns what waited, which goes on as if it came now */
  decide(): readonly Waiting[] {
    const packets = this.#waiting.takeAll();
    if (!packets.some(({ packet }) => this.#isMedia(packet))) this.#policy.decide(packets);
    return packets;
  }

  #isMedia({ payloadType }: RtpPacket): boolean {
    const use = this.#policy.useOf(payloadType);
    return use === 'media' || use === 'red';
  }
}
