import type { SentPacket } from '../packets.ts';

/** leb128(), AV1 bitstream specification §4.10.5. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** An OBU as a sender's encoder makes it, before the size field is taken out. */
export interface SentObu {
  readonly type: number;
  readonly payload: readonly number[];
  /** Spatial layer: then the OBU has an extension byte. */
  readonly layer?: number;
}

/** As packets carry it: without a size field, unless asked for. */
export function wire({ type, payload, layer }: SentObu, withSize = false): number[] {
  const head = (type << 3) | (layer === undefined ? 0 : 0x04) | (withSize ? 0x02 : 0);
  const extension = layer === undefined ? [] : [layer << 3];
  return [head, ...extension, ...(withSize ? leb(payload.length) : []), ...payload];
}

/** As a file wants it: with its size. */
export function sized(obu: SentObu): number[] {
  return wire(obu, true);
}

/** Witnessed: Chromium, 480 × 270, profile 0. */
export const SEQUENCE: SentObu = {
  type: 1,
  payload: [0x00, 0x00, 0x00, 0x04, 0x47, 0x7e, 0x1a, 0x00, 0xd0, 0x04],
};

export const keyFrame = (body: readonly number[] = [1, 2, 3]): SentObu => ({
  type: 6,
  payload: [0x10, ...body],
});
export const interFrame = (body: readonly number[] = [4, 5, 6]): SentObu => ({
  type: 6,
  payload: [0x30, ...body],
});

export interface SplitOptions {
  /** Bytes of OBUs in a packet. */
  readonly room: number;
  /** Write W where there are at most three elements; else W = 0 and a size before each. */
  readonly counted: boolean;
  readonly startsSequence?: boolean;
}

/** Fills packets with the OBUs of one temporal unit, in order, cutting the one that does not fit. */
export function packetize(obus: readonly SentObu[], rtpTicks: number, options: SplitOptions): SentPacket[] {
  const packets: SentPacket[] = [];
  let elements: number[][] = [];
  let room = options.room;
  let continues = 0;
  const flush = (unfinished: 0 | 1, marker: boolean) => {
    const count = options.counted && elements.length <= 3 ? elements.length : 0;
    const starts = options.startsSequence && packets.length === 0 ? 0x08 : 0;
    const body = elements.flatMap((element, index) =>
      count > 0 && index === count - 1 ? element : [...leb(element.length), ...element],
    );
    const header = (continues << 7) | (unfinished << 6) | (count << 4) | starts;
    packets.push({ rtpTicks, marker, payload: Uint8Array.from([header, ...body]) });
    continues = unfinished;
    elements = [];
    room = options.room;
  };
  for (const [index, obu] of obus.entries()) {
    const bytes = wire(obu);
    for (let at = 0; at < bytes.length; ) {
      const element = bytes.slice(at, at + room);
      elements.push(element);
      at += element.length;
      room -= element.length;
      const last = at === bytes.length && index === obus.length - 1;
      if (room === 0 || last) flush(at < bytes.length ? 1 : 0, last);
    }
  }
  return packets;
}
