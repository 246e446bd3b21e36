/** LINKTYPE_RAW: each packet begins with its IP header. */
const LINKTYPE_RAW = 101;

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;

/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng §3.1), little-endian, each of whole 32-bit words.
 *
 * ```
 * | type | total length | body ... padded | total length |
 * ```
 */
function block(type: number, body: Uint8Array): Buffer {
  const padded = Math.ceil(body.length / 4) * 4;
  const bytes = Buffer.alloc(12 + padded);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.set(body, 8);
  bytes.writeUInt32LE(bytes.length, bytes.length - 4);
  return bytes;
}

/** §4.1: what byte order and version the file has; of unknown length. */
export function sectionHeader(application: string): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(0x1a2b3c4d, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeBigInt64LE(-1n, 8);
  return block(SECTION_HEADER, Buffer.concat([fixed, option(4, application), END_OF_OPTIONS]));
}

/** §4.2: an interface with a name. Times are in microseconds, which is the default. */
export function interfaceDescription(name: string): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(LINKTYPE_RAW, 0);
  return block(INTERFACE_DESCRIPTION, Buffer.concat([fixed, option(2, name), END_OF_OPTIONS]));
}

/** §4.3: a packet and when it came, unix ms. */
export function enhancedPacket(interfaceNumber: number, unixMs: number, packet: Uint8Array): Buffer {
  const body = Buffer.alloc(20 + packet.length);
  const micros = BigInt(Math.max(0, Math.round(unixMs * 1000)));
  body.writeUInt32LE(interfaceNumber, 0);
  body.writeUInt32LE(Number(micros >> 32n), 4);
  body.writeUInt32LE(Number(micros & 0xffff_ffffn), 8);
  body.writeUInt32LE(packet.length, 12);
  body.writeUInt32LE(packet.length, 16);
  body.set(packet, 20);
  return block(ENHANCED_PACKET, body);
}

const END_OF_OPTIONS = Buffer.alloc(4);

/** §3.5: code, length, value, padded. */
function option(code: number, text: string): Buffer {
  const value = Buffer.from(text, 'utf8').subarray(0, 1024);
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}
