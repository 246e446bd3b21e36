const IP_HEADER = 20;
const UDP_HEADER = 8;

/** What fits behind the headers of one datagram. */
export const MOST_PAYLOAD = 65_535 - IP_HEADER - UDP_HEADER;

/** An IPv4 address as 32 bits. */
export type Address = number;

export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** `10.0.0.1` */
export const dotted = (address: Address): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');

/** IPv4 (RFC 791 §3.1) and UDP (RFC 768) around a payload; UDP without a checksum, as it allows. */
export function datagram(from: Endpoint, to: Endpoint, payload: Uint8Array): Buffer {
  const kept = payload.subarray(0, MOST_PAYLOAD);
  const bytes = Buffer.alloc(IP_HEADER + UDP_HEADER + kept.length);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(bytes.length, 2);
  // Never fragmented, 64 hops, UDP.
  bytes.writeUInt16BE(0x4000, 6);
  bytes[8] = 64;
  bytes[9] = 17;
  bytes.writeUInt32BE(from.address >>> 0, 12);
  bytes.writeUInt32BE(to.address >>> 0, 16);
  bytes.writeUInt16BE(checksum(bytes.subarray(0, IP_HEADER)), 10);
  bytes.writeUInt16BE(from.port, IP_HEADER);
  bytes.writeUInt16BE(to.port, IP_HEADER + 2);
  bytes.writeUInt16BE(UDP_HEADER + kept.length, IP_HEADER + 4);
  bytes.set(kept, IP_HEADER + UDP_HEADER);
  return bytes;
}

/** RFC 1071. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
