import type { CodedFrame, Depacketizer } from '../../src/codecs/depacketizer.ts';
import type { MediaPacket } from '../../src/order/media-packet.ts';

/** A packet as an encoder's side of the test sends it. */
export interface SentPacket {
  readonly rtpTicks: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

export function mediaPacket(fields: Partial<MediaPacket> & { readonly payload: Uint8Array }): MediaPacket {
  return { run: 0, sequence: 0, rtpTicks: 0, receivedMs: 0, marker: false, lossBefore: 0, ...fields };
}

/** What arrives: numbered in order, without those whose index `isLost` names. */
export function receive(
  sent: readonly SentPacket[],
  isLost: (index: number) => boolean = () => false,
): MediaPacket[] {
  const received: MediaPacket[] = [];
  let lossBefore = 0;
  for (const [sequence, packet] of sent.entries()) {
    if (isLost(sequence)) {
      // A stream starts with its first packet received: nothing is known of those before it.
      if (received.length > 0) lossBefore += 1;
      continue;
    }
    received.push(mediaPacket({ ...packet, sequence, receivedMs: sequence * 2, lossBefore }));
    lossBefore = 0;
  }
  return received;
}

/** All frames, pulled as soon as they are there. */
export function framesOf(depacketizer: Depacketizer, packets: readonly MediaPacket[]): CodedFrame[] {
  const frames: CodedFrame[] = [];
  const pullAll = () => {
    for (let frame = depacketizer.pull(); frame !== undefined; frame = depacketizer.pull())
      frames.push(frame);
  };
  for (const packet of packets) {
    depacketizer.push(packet);
    pullAll();
  }
  depacketizer.flush();
  pullAll();
  return frames;
}

/** A frame's bytes in one piece; fails where its length is not that of its chunks. */
export function bytesOf(frame: CodedFrame): Uint8Array {
  const bytes = Uint8Array.from(frame.chunks.flatMap((chunk) => [...chunk]));
  if (bytes.length !== frame.byteLength)
    throw new Error(`${bytes.length} bytes in chunks, ${frame.byteLength} said`);
  return bytes;
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (byte) => Number.parseInt(byte, 16));
}
