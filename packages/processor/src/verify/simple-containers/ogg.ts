import type { CodedFrame, OpusParameters } from '@rawreel/rtp';

const FIRST_PAGE = 0x02;
const POLYNOMIAL = 0x04c11db7;
const CRC_AT = 22;
/** Largest packet of one page; no Opus packet is as long (RFC 7845 §6 allows 61 440 octets for 120 ms of one stream). */
const MOST_BYTES = 254 * 255 + 254;

/** OpusTags with no tag in it (RFC 7845 §5.2). */
const TAGS = Buffer.from('OpusTags\0\0\0\0\0\0\0\0', 'latin1');

/**
 * Opus in Ogg (RFC 3533 §6, RFC 7845), a packet to a page:
 *
 *     | OggS | 0 | flags | samples so far 64 | serial 32 | page 32 | CRC 32 | n | n sizes | packet |
 */
export class OggStream {
  #pages = 0;
  #ticks = 0;

  head({ codecPrivate }: OpusParameters): Uint8Array {
    return Buffer.concat([this.#page(FIRST_PAGE, [codecPrivate]), this.#page(0, [TAGS])]);
  }

  frame({ chunks, durationTicks = 0 }: CodedFrame): Uint8Array[] {
    this.#ticks += durationTicks;
    return [this.#page(0, chunks)];
  }

  #page(flags: number, chunks: readonly Uint8Array[]): Uint8Array {
    const packet = Buffer.concat(chunks).subarray(0, MOST_BYTES);
    const sizes = Buffer.alloc(Math.floor(packet.length / 255) + 1, 255);
    sizes[sizes.length - 1] = packet.length % 255;
    const head = Buffer.alloc(27);
    head.write('OggS');
    head.writeUInt8(flags, 5);
    head.writeBigUInt64LE(BigInt(this.#ticks), 6);
    head.writeUInt32LE(1, 14);
    head.writeUInt32LE(this.#pages++, 18);
    head.writeUInt8(sizes.length, 26);
    const page = Buffer.concat([head, sizes, packet]);
    page.writeUInt32LE(crcOf(page), CRC_AT);
    return page;
  }
}

/** What a byte in front does to the rest, for each byte. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

function crcOf(page: Uint8Array): number {
  let crc = 0;
  for (const byte of page) crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0);
  return crc >>> 0;
}
