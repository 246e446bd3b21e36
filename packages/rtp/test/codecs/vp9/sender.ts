import type { SentPacket } from '../packets.ts';
import { concat } from './frames.ts';

export interface LayerFrame {
  readonly data: Uint8Array;
  /** Where they are given, the stream has layer indices and flexible mode. */
  readonly layer?: number;
  readonly interLayer?: boolean;
  /** P_DIFFs. */
  readonly references?: readonly number[];
  /** Bytes of the scalability structure. */
  readonly structure?: readonly number[];
}

export interface Picture {
  readonly id: number;
  readonly rtpTicks: number;
  readonly layerFrames: readonly LayerFrame[];
  /** P: false for key pictures. */
  readonly predicted: boolean;
}

/** Packets of a picture with at most `mtu` bytes of data each, 15-bit picture ids (RFC 9628 §4.2). */
export function packetize(picture: Picture, mtu: number): SentPacket[] {
  const packets: SentPacket[] = [];
  for (const frame of picture.layerFrames) {
    for (let start = 0; start < frame.data.length; start += mtu) {
      const end = start + mtu >= frame.data.length;
      const last = end && frame === picture.layerFrames.at(-1);
      const payload = concat(
        descriptor(picture, frame, start === 0, end),
        frame.data.subarray(start, start + mtu),
      );
      packets.push({ rtpTicks: picture.rtpTicks, marker: last, payload });
    }
  }
  return packets;
}

function descriptor(picture: Picture, frame: LayerFrame, begins: boolean, ends: boolean): number[] {
  const flexible = frame.references !== undefined;
  const predicted = picture.predicted && (!flexible || frame.references.length > 0);
  const structure = begins ? (frame.structure ?? []) : [];
  const bytes = [
    0x80 |
      (predicted ? 0x40 : 0) |
      (frame.layer === undefined ? 0 : 0x20) |
      (flexible ? 0x10 : 0) |
      (begins ? 0x08 : 0) |
      (ends ? 0x04 : 0) |
      (structure.length > 0 ? 0x02 : 0),
    0x80 | ((picture.id >> 8) & 0x7f),
    picture.id & 0xff,
  ];
  if (frame.layer !== undefined) bytes.push((frame.layer << 1) | (frame.interLayer ? 1 : 0));
  if (frame.layer !== undefined && !flexible) bytes.push(0); // TL0PICIDX
  const references = predicted && flexible ? frame.references : [];
  references.forEach((reference, index) => {
    bytes.push((reference << 1) | (index + 1 < references.length ? 1 : 0));
  });
  return [...bytes, ...structure];
}
