import type { RtpPacket } from '../packet/rtp-packet.ts';
import { timestampDistance } from './unwrap.ts';
import { type Waiting, WaitingPackets } from './waiting-packets.ts';

/** So many in a row, without one of the media's between them, are no FEC and no comfort noise. */
const IN_A_ROW = 16;
/** At the end of the input nothing comes back: fewer are enough. */
const AT_THE_END = 3;

/**
 * Packets of a payload type that nothing names, on the followed source. Beside the media they are something else (FEC,
 * telephone events); in the media's place, in sequence and with a time of their own, they are the media under another
 * number, which a renegotiation gives it. Until that is told they wait.
 */
export class PayloadChange {
  readonly #waiting = new WaitingPackets();
  #open = false;
  /** Packets after the first whose timestamp rises. */
  #rises = 0;

  /** Some packets wait. */
  get open(): boolean {
    return this.#open;
  }

  /** Whether a packet has the payload type of those that wait. */
  isOf(packet: RtpPacket): boolean {
    return this.#waiting.packets[0]?.packet.payloadType === packet.payloadType;
  }

  wait(packet: RtpPacket, receivedMs: number): void {
    const last = this.#waiting.packets.at(-1)?.packet;
    if (last !== undefined && timestampDistance(last.timestamp, packet.timestamp) > 0) this.#rises++;
    this.#waiting.add({ packet, receivedMs });
    this.#open = true;
  }

  /**
   * What they are, as soon as enough of them wait to tell; `isEnd` where no more come. The media begins a moment of its own
   * with one in four packets at least; events repeat theirs.
   */
  verdict(isEnd: boolean): 'media' | 'other' | undefined {
    const count = this.#waiting.count;
    if (count < (isEnd ? AT_THE_END : IN_A_ROW)) return isEnd && count > 0 ? 'other' : undefined;
    return this.#rises * 4 >= count ? 'media' : 'other';
  }

  /** They wait no longer. */
  take(): readonly Waiting[] {
    this.#rises = 0;
    this.#open = false;
    return this.#waiting.takeAll();
  }
}
