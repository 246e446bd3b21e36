const FULL_SCALE = 32_768;
const LARGEST = 32_767;

/** Channels interleaved as signed 16 bit, little-endian; in `memory` where there is room. */
export function asInt16(channels: readonly Float32Array[], memory = new ArrayBuffer()): Buffer<ArrayBuffer> {
  const length = channels[0]?.length ?? 0;
  const count = length * channels.length;
  const interleaved = new Int16Array(roomFor(2 * count, memory), 0, count);
  for (const [index, channel] of channels.entries()) {
    for (let sample = 0, at = index; sample < length; sample++, at += channels.length)
      interleaved[at] = Math.max(
        -FULL_SCALE,
        Math.min(LARGEST, Math.round((channel[sample] ?? 0) * FULL_SCALE)),
      );
  }
  return littleEndian(Buffer.from(interleaved.buffer, 0, 2 * count), (bytes) => bytes.swap16());
}

/** Channels interleaved as 32 bit floats, little-endian; in `memory` where there is room. */
export function asFloat32(
  channels: readonly Float32Array[],
  memory = new ArrayBuffer(),
): Buffer<ArrayBuffer> {
  const length = channels[0]?.length ?? 0;
  const count = length * channels.length;
  const interleaved = new Float32Array(roomFor(4 * count, memory), 0, count);
  for (const [index, channel] of channels.entries()) {
    for (let sample = 0, at = index; sample < length; sample++, at += channels.length)
      interleaved[at] = channel[sample] ?? 0;
  }
  return littleEndian(Buffer.from(interleaved.buffer, 0, 4 * count), (bytes) => bytes.swap32());
}

const roomFor = (bytes: number, memory: ArrayBuffer): ArrayBuffer =>
  memory.byteLength < bytes ? new ArrayBuffer(bytes) : memory;

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const littleEndian = <Bytes extends Buffer>(bytes: Bytes, swap: (bytes: Bytes) => unknown): Bytes => {
  if (!IS_LITTLE_ENDIAN) swap(bytes);
  return bytes;
};
