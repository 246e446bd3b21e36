import { joined } from '../engine/mutate-bytes.ts';
import type { Framing } from '../engine/target.ts';

/** A record as its own bytes tell it, found without the reader under test. */
export interface DumpRecord {
  /** Of its 8-byte header. */
  readonly at: number;
  /** Of the whole record, header included, as the header says. */
  readonly length: number;
  /** Length of the RTP packet; 0 for RTCP. */
  readonly plen: number;
  readonly offsetMs: number;
}

const MAGIC = '#!rtpplay1.0';
const LONGEST_LINE = 1024;
const BLOCK = 16;
const RECORD_HEADER = 8;

/** Length of line and binary header; undefined where there is no whole one. */
export function dumpHeaderLength(bytes: Uint8Array): number | undefined {
  const line = bytes.subarray(0, LONGEST_LINE).indexOf(0x0a);
  if (line < MAGIC.length || line + 1 + BLOCK > bytes.length) return undefined;
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, MAGIC.length).toString('latin1');
  return magic === MAGIC ? line + 1 + BLOCK : undefined;
}

/** Whole records, up to one that is cut or whose length is impossible. */
export function findRecords(bytes: Uint8Array, from: number): DumpRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: DumpRecord[] = [];
  let at = from;
  while (at + RECORD_HEADER <= bytes.length) {
    const length = view.getUint16(at);
    if (length < RECORD_HEADER || at + length > bytes.length) break;
    records.push({ at, length, plen: view.getUint16(at + 2), offsetMs: view.getUint32(at + 4) });
    at += length;
  }
  return records;
}

/** Parts are records without their lengths: `join` gives them lengths that fit, and an RTP length that fits if it did. */
export const dumpFraming: Framing = {
  split(bytes) {
    const header = dumpHeaderLength(bytes) ?? bytes.length;
    const parts = findRecords(bytes, header).map(({ at, length, plen }) => {
      const exact = plen === length - RECORD_HEADER;
      return joined(Uint8Array.of(exact ? 1 : 0), bytes.subarray(at + 2, at + length));
    });
    return { head: bytes.subarray(0, header), parts };
  },
  join(head, parts) {
    const pieces: Uint8Array[] = [head];
    for (const part of parts) {
      const rest = part.subarray(1, 1 + 0xffff - 2);
      if (rest.length < RECORD_HEADER - 2) continue;
      const size = rest.length - (RECORD_HEADER - 2);
      const length = rest.length + 2;
      const plen = (part[0] ?? 0) % 2 === 1 ? Uint8Array.of(size >> 8, size) : rest.subarray(0, 2);
      pieces.push(Uint8Array.of(length >> 8, length), plen, rest.subarray(2));
    }
    return joined(...pieces);
  },
};
