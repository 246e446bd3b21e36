import { gzipSync } from 'node:zlib';
import { joined } from '../engine/mutate-bytes.ts';
import type { Framing } from '../engine/target.ts';

const BLOCK = 512;

/**
 * A tar and how it is wrapped, as one input.
 *
 *      +-+-+-+-+-+-+-+-+
 *      |G|C|S|Z|- - - -|   G gzip it · C cut what that gives · S spool its dumps · Z it is gzip already
 *      +-+-+-+-+-+-+-+-+
 *      |  where to cut |   in 256ths
 *      +-+-+-+-+-+-+-+-+
 *      | tar …         |
 */
export interface TarCase {
  readonly kind: 'tar' | 'tar.gz';
  readonly spool: boolean;
  /** What the archive reader is given. */
  readonly bytes: Uint8Array;
  /** What it holds, as far as that is known without inflating. */
  readonly tar: Uint8Array | undefined;
}

const PREFIX = 2;

export function readTarCase(input: Uint8Array): TarCase {
  const [flags = 0, cut = 0] = input;
  const content = input.subarray(PREFIX);
  const gzipped = (flags & 0x10) !== 0;
  const gzip = !gzipped && (flags & 0x80) !== 0;
  const wrapped = gzip ? new Uint8Array(gzipSync(content, { level: 1 })) : content;
  const isCut = (flags & 0x40) !== 0;
  return {
    kind: gzip || gzipped ? 'tar.gz' : 'tar',
    spool: (flags & 0x20) !== 0,
    bytes: isCut ? wrapped.subarray(0, Math.floor((wrapped.length * cut) / 256)) : wrapped,
    tar: gzipped ? undefined : content,
  };
}

export function writeTarCase(
  content: Uint8Array,
  options: { gzip?: boolean; cut?: number; spool?: boolean; gzipped?: boolean } = {},
): Uint8Array {
  const flags =
    (options.gzip === true ? 0x80 : 0) |
    (options.cut === undefined ? 0 : 0x40) |
    (options.spool === true ? 0x20 : 0) |
    (options.gzipped === true ? 0x10 : 0);
  return joined(Uint8Array.of(flags, options.cut ?? 0), content);
}

/** Parts are headers with their data, which `join` pads; it puts the checksums right. */
export const tarFraming: Framing = {
  split(input) {
    const tar = input.subarray(PREFIX);
    const parts: Uint8Array[] = [];
    if (((input[0] ?? 0) & 0x10) !== 0) return { head: input, parts };
    let at = 0;
    while (at + BLOCK <= tar.length && tar[at] !== 0) {
      const size = octal(tar, at + 124);
      const end = Math.min(tar.length, at + BLOCK + Math.ceil(size / BLOCK) * BLOCK);
      parts.push(tar.subarray(at, end));
      at = end;
    }
    return { head: input.subarray(0, PREFIX), parts };
  },
  join(head, parts) {
    const pieces: Uint8Array[] = [head];
    for (const part of parts) {
      if (part.length < BLOCK) continue;
      const padded = new Uint8Array(Math.ceil(part.length / BLOCK) * BLOCK);
      padded.set(part);
      writeChecksum(padded);
      pieces.push(padded);
    }
    if (parts.length > 0) pieces.push(new Uint8Array(2 * BLOCK));
    return joined(...pieces);
  },
};

function octal(bytes: Uint8Array, at: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, 11).toString('latin1');
  const size = Number.parseInt(text, 8);
  return size >= 0 ? size : 0;
}

/** Of the first block, the checksum's own eight bytes taken as spaces. */
function writeChecksum(block: Uint8Array): void {
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += block[at] ?? 0;
  block.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `, 'latin1'), 148);
}
