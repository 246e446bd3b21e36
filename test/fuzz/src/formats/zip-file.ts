import { crc32 } from 'node:zlib';
import { joined } from '../engine/mutate-bytes.ts';
import type { Framing } from '../engine/target.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const END_RECORD = 22;

/** What an entry's own central and local headers say. */
export interface ZipPart {
  readonly central: Uint8Array;
  /** Local header and data, up to the next thing in the file. */
  readonly local: Uint8Array;
}

/** Entries by an end record at the very end of the file; none where the plain form does not hold. */
export function findZipEntries(bytes: Uint8Array): ZipPart[] {
  const end = bytes.length - END_RECORD;
  if (end < 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(end, true) !== END) return [];
  const centrals: { at: number; length: number; offset: number }[] = [];
  let at = view.getUint32(end + 16, true);
  while (at + CENTRAL_HEADER <= end && view.getUint32(at, true) === CENTRAL) {
    const extra =
      view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const length = CENTRAL_HEADER + extra;
    if (at + length > end) break;
    centrals.push({ at, length, offset: view.getUint32(at + 42, true) });
    at += length;
  }
  const stops = [...centrals.map(({ offset }) => offset), view.getUint32(end + 16, true)].sort(
    (a, b) => a - b,
  );
  return centrals.map(({ at: start, length, offset }) => ({
    central: bytes.subarray(start, start + length),
    local: bytes.subarray(offset, stops.find((stop) => stop > offset) ?? end),
  }));
}

/**
 * Parts are entries: length of the central header, that header, local header and data. `join` puts the offsets right,
 * and sizes and checksum of stored entries, so that a changed byte of metadata is still read.
 */
export const zipFraming: Framing = {
  split(bytes) {
    const parts = findZipEntries(bytes).map(({ central, local }) =>
      joined(Uint8Array.of(central.length >> 8, central.length), central, local),
    );
    return { head: new Uint8Array(0), parts };
  },
  join(_, parts) {
    const locals: Uint8Array[] = [];
    const centrals: Uint8Array[] = [];
    let offset = 0;
    for (const part of parts) {
      const length = ((part[0] ?? 0) << 8) | (part[1] ?? 0);
      const central = new Uint8Array(part.subarray(2, 2 + length));
      const local = part.subarray(2 + length);
      if (central.length >= CENTRAL_HEADER) settle(central, local, offset);
      locals.push(local);
      centrals.push(central);
      offset += local.length;
    }
    return joined(...locals, ...centrals, endRecord(centrals, offset));
  },
};

function settle(central: Uint8Array, local: Uint8Array, offset: number): void {
  const view = new DataView(central.buffer, central.byteOffset, central.byteLength);
  view.setUint32(42, offset, true);
  if (view.getUint16(10, true) !== 0) return;
  const start = localDataStart(local);
  if (start === undefined) return;
  const data = local.subarray(start);
  view.setUint32(16, crc32(data), true);
  view.setUint32(20, data.length, true);
  view.setUint32(24, data.length, true);
}

/** Where data begins behind a local header; undefined where there is none. */
export function localDataStart(local: Uint8Array): number | undefined {
  if (local.length < LOCAL_HEADER) return undefined;
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  if (view.getUint32(0, true) !== LOCAL) return undefined;
  const start = LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
  return start <= local.length ? start : undefined;
}

function endRecord(centrals: readonly Uint8Array[], offset: number): Uint8Array {
  const record = new Uint8Array(END_RECORD);
  const view = new DataView(record.buffer);
  view.setUint32(0, END, true);
  view.setUint16(8, centrals.length, true);
  view.setUint16(10, centrals.length, true);
  view.setUint32(
    12,
    centrals.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  view.setUint32(16, offset, true);
  return record;
}

/** Entries one behind the other, stored or as `deflated` makes them, with directory and end record. */
export function writeStoredZip(
  files: readonly { readonly name: Uint8Array; readonly data: Uint8Array }[],
): Uint8Array {
  const parts = files.map(({ name, data }) => {
    const central = new Uint8Array(CENTRAL_HEADER + name.length);
    const local = new Uint8Array(LOCAL_HEADER + name.length + data.length);
    const centralView = new DataView(central.buffer);
    const localView = new DataView(local.buffer);
    centralView.setUint32(0, CENTRAL, true);
    centralView.setUint16(4, 20, true);
    centralView.setUint16(6, 20, true);
    centralView.setUint16(8, 0x0800, true); // names are UTF-8
    centralView.setUint16(28, name.length, true);
    central.set(name, CENTRAL_HEADER);
    localView.setUint32(0, LOCAL, true);
    localView.setUint16(4, 20, true);
    localView.setUint16(6, 0x0800, true);
    localView.setUint32(14, crc32(data), true);
    localView.setUint32(18, data.length, true);
    localView.setUint32(22, data.length, true);
    localView.setUint16(26, name.length, true);
    local.set(name, LOCAL_HEADER);
    local.set(data, LOCAL_HEADER + name.length);
    return joined(Uint8Array.of(central.length >> 8, central.length), central, local);
  });
  return zipFraming.join(new Uint8Array(0), parts);
}
