import { HeldViews } from '../held-views.ts';
import type { RtpPacket } from '../packet/rtp-packet.ts';

export interface Waiting {
  packet: RtpPacket;
  readonly receivedMs: number;
}

/** Packets that wait for a decision, oldest first. They keep no more memory alive than they are worth. */
export class WaitingPackets {
  #packets: Waiting[] = [];
  readonly #views = new HeldViews<Waiting>(
    ({ packet }) => packet.bytes,
    (waiting) => {
      waiting.packet = waiting.packet.copy();
    },
  );

  get packets(): readonly Waiting[] {
    return this.#packets;
  }

  get count(): number {
    return this.#packets.length;
  }

  add(waiting: Waiting): void {
    this.#packets.push(waiting);
    this.#views.hold(waiting);
  }

  /** The oldest ones wait no longer. */
  dropOldest(count: number): readonly Waiting[] {
    return this.#packets.splice(0, count);
  }

  /** None of them waits any longer. */
  takeAll(): readonly Waiting[] {
    const packets = this.#packets;
    this.#packets = [];
    this.#views.clear();
    return packets;
  }
}
