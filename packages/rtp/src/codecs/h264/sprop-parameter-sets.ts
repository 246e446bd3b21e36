const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** `sprop-parameter-sets` of an SDP (RFC 6184 §8.1): NAL units in base64, separated by commas; what is no base64 is left out. */
export function readSpropParameterSets(value: string): Uint8Array[] {
  return value
    .split(',')
    .map((part) => decodeBase64(part.trim()))
    .filter((nal) => nal !== undefined && nal.length > 0) as Uint8Array[];
}

/** By hand: a package without platform imports has neither Buffer nor atob. */
function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array((digits.length * 6) >> 3);
  let bits = 0;
  let held = 0;
  let filled = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[filled] = bits >> held;
      filled += 1;
    }
  }
  return bytes;
}
