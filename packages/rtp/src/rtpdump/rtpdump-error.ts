export type RtpdumpErrorCode = 'ERR_NOT_RTPDUMP';

/** The bytes are no rtpdump file. A dump that breaks later on is no error: see `RtpdumpReader.brokenAt`. */
export class RtpdumpError extends Error {
  override readonly name = 'RtpdumpError';
  readonly code: RtpdumpErrorCode;
  /** File offset of the first byte that does not fit. */
  readonly offset: number;
  /** How the file starts, up to 32 bytes: printable ASCII as it is, all else as `\xNN`. */
  readonly found: string;

  constructor(code: RtpdumpErrorCode, expected: string, offset: number, start: Uint8Array) {
    const found = printable(start.subarray(0, 32));
    super(`Not an rtpdump file: expected ${expected} at offset ${offset}; the file starts with "${found}"`);
    this.code = code;
    this.offset = offset;
    this.found = found;
  }
}

function printable(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
