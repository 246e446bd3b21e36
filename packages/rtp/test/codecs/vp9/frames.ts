/** Bytes from a text of bits; blanks separate fields, zeros fill the last byte. */
export function bits(text: string): Uint8Array {
  const packed = text.replaceAll(/\s/g, '');
  const bytes = new Uint8Array(Math.ceil(packed.length / 8));
  for (const [index, bit] of [...packed].entries()) {
    if (bit === '1') bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  return bytes;
}

/** Bytes from a table: two-digit hexadecimal numbers, then two blanks and what they mean. */
export function octets(table: string): Uint8Array {
  const digits = table.split('\n').map((line) => line.trim().split(/\s{2,}/)[0]);
  return Uint8Array.from(digits.join(' ').match(/\S+/g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export function binary(value: number, count: number): string {
  return value.toString(2).padStart(count, '0');
}

export interface FrameFields {
  readonly shown?: boolean;
  readonly errorResilient?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export interface InterFields extends FrameFields {
  readonly refresh: number;
  readonly slots: readonly [number, number, number];
  /** Take the size from this of the three slots instead of writing it. */
  readonly sizeFrom?: 0 | 1 | 2;
}

const SYNC_CODE = binary(0x498342, 24);
/** Loop filter, quantization, no segmentation, one tile, and a compressed header of 5 bytes. */
const REST = `000000 000 0  01000000 000  0  0 ${binary(5, 16)}`;

/** Uncompressed header of a key frame of profile 0, VP9 bitstream specification §6.2. Widths below 512. */
export function keyHeader({
  shown = true,
  errorResilient = true,
  width = 16,
  height = 16,
}: FrameFields = {}) {
  return bits(
    `10 00 0 0 ${flag(shown)} ${flag(errorResilient)} ${SYNC_CODE} 000 0 ${size(width, height)} 0
     ${errorResilient ? '' : '1 1'} 00 ${REST}`,
  );
}

export function interHeader(fields: InterFields): Uint8Array {
  const { shown = true, errorResilient = true, width = 16, height = 16, refresh, slots, sizeFrom } = fields;
  const references = slots.map((slot) => `${binary(slot, 3)} 0`).join(' ');
  const sized = sizeFrom === undefined ? `000 ${size(width, height)}` : `${'0'.repeat(sizeFrom)}1`;
  return bits(
    `10 00 0 1 ${flag(shown)} ${flag(errorResilient)} ${shown ? '' : '0'} ${errorResilient ? '' : '00'}
     ${binary(refresh, 8)} ${references} ${sized} 0  0 1 ${errorResilient ? '' : '1 1'} 00 ${REST}`,
  );
}

/** Hidden, as every intra-only frame is; of profile 0 it has no color_config(). */
export function intraOnlyHeader(refresh: number): Uint8Array {
  return bits(`10 00 0 1 0 1 1 ${SYNC_CODE} ${binary(refresh, 8)} ${size(16, 16)} 0  00 ${REST}`);
}

export function showExisting(slot: number): Uint8Array {
  return bits(`10 00 1 ${binary(slot, 3)}`);
}

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The frames of a superframe by its index; written for the tests, not with the code under test. */
export function framesIn(data: Uint8Array): Uint8Array[] {
  const marker = data.at(-1) ?? 0;
  if (marker >> 5 !== 0b110) return [data];
  const count = (marker & 7) + 1;
  const sizeBytes = ((marker >> 3) & 3) + 1;
  let index = data.length - 1 - count * sizeBytes;
  if (data[index - 1] !== marker) return [data];
  const frames: Uint8Array[] = [];
  let start = 0;
  for (let frame = 0; frame < count; frame += 1) {
    let length = 0;
    for (let byte = 0; byte < sizeBytes; byte += 1) length += (data[index + byte] ?? 0) * 256 ** byte;
    frames.push(data.subarray(start, start + length));
    index += sizeBytes;
    start += length;
  }
  return frames;
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}

function size(width: number, height: number): string {
  return `${binary(width - 1, 16)} ${binary(height - 1, 16)}`;
}
