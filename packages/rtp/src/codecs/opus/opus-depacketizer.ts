import type { MediaPacket } from '../../order/media-packet.ts';
import type { CodedFrame, Depacketizer, DepacketizerStatistics, OpusParameters } from '../depacketizer.ts';
import { FrameQueue } from '../frame-queue.ts';
import { opusHead } from './opus-head.ts';
import { opusChannels, opusDurationTicks } from './opus-packet.ts';

/** Opus in RTP (RFC 7587 §4.2): the payload is one Opus packet, and each decodes without those before it. */
export class OpusDepacketizer implements Depacketizer {
  readonly #queue = new FrameQueue();
  #parameters: OpusParameters | undefined;

  get parameters(): OpusParameters | undefined {
    return this.#parameters;
  }

  get statistics(): Readonly<DepacketizerStatistics> {
    return this.#queue.statistics;
  }

  push(packet: MediaPacket): void {
    const { payload, audioLevel } = packet;
    this.#queue.see(packet.lossBefore, packet.rotation);
    const durationTicks = opusDurationTicks(payload);
    if (durationTicks === undefined) {
      this.#queue.statistics.packetsMalformed += 1;
      return;
    }
    this.#queue.emit({
      run: packet.run,
      rtpTicks: packet.rtpTicks,
      receivedMs: packet.receivedMs,
      durationTicks,
      keyFrame: true,
      chunks: [payload],
      byteLength: payload.length,
      ...(audioLevel === undefined ? {} : { audioLevel }),
      parameters: this.#parametersFor(opusChannels(payload[0] ?? 0)),
    });
  }

  pull(): CodedFrame | undefined {
    return this.#queue.pull();
  }

  flush(): void {
    // Every packet is a frame: nothing is ever held back.
  }

  /** Never back to mono: a decoder set up for two channels plays mono packets on both. */
  #parametersFor(channels: 1 | 2): OpusParameters {
    if (this.#parameters === undefined || this.#parameters.channels < channels) {
      this.#parameters = { codec: 'opus', channels, codecPrivate: opusHead({ channels }) };
    }
    return this.#parameters;
  }
}
