const BLOCK = 512;

/**
 * Whether a block is a tar header: by its magic, or for the formats before it by its checksum.
 *
 *   0 name (100)  100 mode (8)  108 uid (8)  116 gid (8)  124 size (12)  136 time (12)
 * 148 checksum (8): octal; the sum of all 512 bytes, these eight taken as spaces
 * 156 type (1)  157 link name (100)  257 magic "ustar" (6)  263 version (2)  …         POSIX.1-2017 pax, ustar format
 */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.byteLength < BLOCK) return false;
  const text = Buffer.from(block.buffer, block.byteOffset, BLOCK).toString('latin1');
  if (text.slice(257, 262) === 'ustar') return true;
  const stated = /^\s*([0-7]+)[\0 ]/.exec(text.slice(148, 156))?.[1];
  if (stated === undefined) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) {
    if (at < 148 || at >= 156) sum += block[at] ?? 0;
  }
  return sum === Number.parseInt(stated, 8);
}
