import { type Codec, type Depacketizer, isRtcp, type MediaPacket, type RtpdumpRecord } from '@rawreel/rtp';
import { i32 } from './header-words.ts';
import { LeastDelays } from './least-delays.ts';
import type { ObservedLayer } from './observed.ts';
import { Pictures } from './pictures.ts';
import { mergedSeconds, SECOND, Seconds } from './seconds.ts';
import { sharedColumn } from './shared-column.ts';
import { SourceArrivals } from './source-arrivals.ts';

const CLOCK_RATE = 90_000;

export interface LayerToObserve {
  readonly ssrc: number;
  readonly codec: Codec;
  /** Its number among those of the dump. */
  readonly layer: number;
  /** Of the dump's offset 0, from the recording's zero. */
  readonly baseMs: number;
  readonly depacketizer: Depacketizer;
}

/** Watches one of the layers that a camera sends side by side, while they are read apart. */
export class LayerObserver {
  readonly ssrc: number;
  readonly pictures: Pictures;
  readonly delays: LeastDelays;
  readonly #baseMs: number;
  readonly #seconds = new Seconds();
  readonly #arrivals: SourceArrivals;

  constructor({ ssrc, codec, layer, baseMs, depacketizer }: LayerToObserve) {
    this.ssrc = ssrc;
    this.#baseMs = baseMs;
    this.pictures = new Pictures(codec, baseMs, depacketizer);
    this.delays = new LeastDelays(layer);
    this.#arrivals = new SourceArrivals(ssrc, CLOCK_RATE, this.#seconds);
  }

  /** Takes what is its own; reports and retransmissions are shown to all layers. */
  record({ bytes, kind }: RtpdumpRecord, offsetMs: number): void {
    if (kind === 'rtcp' || isRtcp(bytes) || (bytes[0] ?? 0) >> 6 !== 2 || i32(bytes, 8) !== (this.ssrc | 0))
      return;
    const atMs = this.#baseMs + offsetMs;
    const second = this.#seconds.at(atMs);
    this.#seconds.add(second, SECOND.bytes, bytes.length);
    const sequence = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    this.#arrivals.take(sequence, i32(bytes, 4), atMs, bytes.length, second);
  }

  packet(packet: MediaPacket): void {
    this.pictures.packet(packet);
    this.delays.take(packet.run, (packet.rtpTicks / CLOCK_RATE) * 1000, this.#baseMs + packet.receivedMs);
  }

  finish(): ObservedLayer {
    const pictures = this.pictures.finish();
    const source = this.#arrivals.finish();
    const seconds = sharedColumn(mergedSeconds([this.#seconds.rows(), this.pictures.seconds.rows()]));
    return { ssrc: this.ssrc, source, pictures, seconds };
  }
}
