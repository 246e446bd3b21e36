const FULL_SCALE = 32_768;
const LARGEST = 32_767;

/** Channels interleaved as signed 16 bit, little-endian. */
export function asInt16(channels: readonly Float32Array[]): Buffer {
  const length = channels[0]?.length ?? 0;
  const interleaved = new Int16Array(length * channels.length);
  for (const [index, channel] of channels.entries()) {
    for (let sample = 0, at = index; sample < length; sample++, at += channels.length)
      interleaved[at] = Math.max(
        -FULL_SCALE,
        Math.min(LARGEST, Math.round((channel[sample] ?? 0) * FULL_SCALE)),
      );
  }
  return littleEndian(Buffer.from(interleaved.buffer), (bytes) => bytes.swap16());
}

/** Channels interleaved as 32 bit floats, little-endian; the bytes of a single channel may be its own. */
export function asFloat32(channels: readonly Float32Array[]): Buffer {
  const [only, ...others] = channels;
  if (only !== undefined && others.length === 0 && IS_LITTLE_ENDIAN)
    return Buffer.from(only.buffer as ArrayBuffer, only.byteOffset, only.byteLength);
  const length = channels[0]?.length ?? 0;
  const interleaved = new Float32Array(length * channels.length);
  for (const [index, channel] of channels.entries()) {
    for (let sample = 0, at = index; sample < length; sample++, at += channels.length)
      interleaved[at] = channel[sample] ?? 0;
  }
  return littleEndian(Buffer.from(interleaved.buffer), (bytes) => bytes.swap32());
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const littleEndian = (bytes: Buffer, swap: (bytes: Buffer) => Buffer): Buffer =>
  IS_LITTLE_ENDIAN ? bytes : swap(bytes);
