import type { MatroskaFrame } from '../../src/matroska-frame.ts';
import type { AudioTrackEntry, VideoTrackEntry } from '../../src/track-entry.ts';
import { ffmpegOutput } from './tools.ts';

/** Real media as a writer gets it: a track and its frames. */
export interface Media<T extends AudioTrackEntry | VideoTrackEntry> {
  readonly track: T;
  readonly frames: readonly MatroskaFrame[];
}

const WIDTH = 160;
const HEIGHT = 96;
const FPS = 25;
const PICTURES = ['-f', 'lavfi', '-i', `testsrc2=size=${WIDTH}x${HEIGHT}:rate=${FPS}`];

export function opus(seconds: number): Media<AudioTrackEntry> {
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
  const ogg = ffmpegOutput([...tone, '-t', `${seconds}`, '-c:a', 'libopus', '-b:a', '24k', '-f', 'ogg', '-']);
  const [head, , ...packets] = oggPackets(ogg);
  if (head?.subarray(0, 8).toString() !== 'OpusHead') throw new Error('no OpusHead');
  // A stream tapped mid-call has no encoder delay to skip.
  head.writeUInt16LE(0, 10);
  return {
    track: { kind: 'audio', codecId: 'A_OPUS', channels: 1, samplingFrequency: 48000, codecPrivate: head },
    frames: packets.map((packet, index) => ({
      timestampMs: index * 20,
      keyFrame: true,
      chunks: inPieces(packet),
      ...(index === packets.length - 1 ? { durationMs: 20 } : {}),
    })),
  };
}

export function vp8(seconds: number): Media<VideoTrackEntry> {
  return video(
    'V_VP8',
    ivf(seconds, ['-c:v', 'libvpx', '-g', `${FPS}`]),
    (frame) => ((frame[0] as number) & 1) === 0,
  );
}

export function vp9(seconds: number): Media<VideoTrackEntry> {
  const frames = ivf(seconds, [
    '-c:v',
    'libvpx-vp9',
    '-g',
    `${FPS}`,
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
  ]);
  // frame_type, in profile 0 the bit after marker, profile and show_existing_frame.
  return video('V_VP9', frames, (frame) => ((frame[0] as number) & 0x0c) === 0);
}

/** av1C (AV1 in ISOBMFF §2.3.3): marker and version, profile and level, flags, no delay, then the sequence header. */
export function av1(seconds: number): Media<VideoTrackEntry> {
  const coder = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-g', `${FPS}`];
  const units = ivf(seconds, coder).map((unit) => obus(unit));
  const sequence = units[0]?.find((obu) => obu.type === 1)?.bytes;
  if (sequence === undefined) throw new Error('no sequence header');
  const profileAndLevel = ((sequence[2] as number) & 0xe0) | ((sequence[5] as number) >> 3);
  const av1c = Buffer.concat([Buffer.of(0x81, profileAndLevel, 0x0c, 0x00), sequence]);
  const keyed = units.map((unit) => ({
    key: unit.some((obu) => obu.type === 1),
    bytes: Buffer.concat(unit.filter((obu) => obu.type !== 2).map((obu) => obu.bytes)),
  }));
  const keys = new Map<Buffer, boolean>(keyed.map(({ bytes, key }) => [bytes, key]));
  return video('V_AV1', [...keys.keys()], (frame) => keys.get(frame) === true, av1c);
}

/** One access unit is what stands between two access unit delimiters. */
export function h264(seconds: number): Media<VideoTrackEntry> {
  const x264 = [
    '-c:v',
    'libx264',
    '-g',
    `${FPS}`,
    '-bf',
    '0',
    '-x264-params',
    'aud=1',
    '-pix_fmt',
    'yuv420p',
  ];
  const stream = ffmpegOutput([...PICTURES, '-t', `${seconds}`, ...x264, '-f', 'h264', '-']);
  const units: Buffer[][] = [];
  for (const nal of nals(stream)) {
    if (nalType(nal) === 9) units.push([]);
    else units.at(-1)?.push(nal);
  }
  const sps = units[0]?.find((nal) => nalType(nal) === 7) as Buffer;
  const pps = units[0]?.find((nal) => nalType(nal) === 8) as Buffer;
  // avcC (ISO/IEC 14496-15 §5.3.3.1): version, profile, constraints, level, 4-octet lengths, one SPS, one PPS.
  const avcc = Buffer.concat([
    Buffer.of(1, sps[1] as number, sps[2] as number, sps[3] as number, 0xff, 0xe1, 0, sps.length),
    sps,
    Buffer.of(1, 0, pps.length),
    pps,
  ]);
  const frames = units.map((unit) => Buffer.concat(unit.flatMap((nal) => [uint32(nal.length), nal])));
  const keys = new Set<Buffer>(frames.filter((_, index) => units[index]?.some((nal) => nalType(nal) === 5)));
  return video('V_MPEG4/ISO/AVC', frames, (frame) => keys.has(frame), avcc);
}

function video(
  codecId: VideoTrackEntry['codecId'],
  frames: readonly Buffer[],
  isKey: (frame: Buffer) => boolean,
  codecPrivate?: Uint8Array,
): Media<VideoTrackEntry> {
  return {
    track: {
      kind: 'video',
      codecId,
      pixelWidth: WIDTH,
      pixelHeight: HEIGHT,
      ...(codecPrivate === undefined ? {} : { codecPrivate }),
    },
    frames: frames.map((frame, index) => ({
      timestampMs: (index * 1000) / FPS,
      keyFrame: isKey(frame),
      chunks: inPieces(frame),
      ...(index === frames.length - 1 ? { durationMs: 1000 / FPS } : {}),
    })),
  };
}

/** As packets bring them: in several pieces. */
function inPieces(bytes: Buffer): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1100) pieces.push(bytes.subarray(at, at + 1100));
  return pieces;
}

/** IVF: a header of 32 octets, then frames behind a length (uint32le) and a time (uint64le). */
function ivf(seconds: number, coder: readonly string[]): Buffer[] {
  const bytes = ffmpegOutput([...PICTURES, '-t', `${seconds}`, ...coder, '-b:v', '150k', '-f', 'ivf', '-']);
  const frames: Buffer[] = [];
  for (let at = 32; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    frames.push(bytes.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

/** Ogg pages (RFC 3533 §6): a packet ends at the first lacing value under 255 and may go on in the next page. */
function oggPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const segments = bytes.readUInt8(at + 26);
    const lacing = bytes.subarray(at + 27, at + 27 + segments);
    at += 27 + segments;
    for (const length of lacing) {
      parts.push(bytes.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
  }
  return packets;
}

function nals(stream: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = stream.indexOf('000001', 0, 'hex'); at !== -1; at = stream.indexOf('000001', at + 3, 'hex')) {
    starts.push(at);
  }
  return starts.map((start, index) => {
    let end = starts[index + 1] ?? stream.length;
    while (stream[end - 1] === 0) end--;
    return stream.subarray(start + 3, end);
  });
}

function nalType(nal: Buffer): number {
  return (nal[0] as number) & 0x1f;
}

/** OBUs with a size field (AV1 §5.3), as IVF has them. */
function obus(unit: Buffer): { type: number; bytes: Buffer }[] {
  const found: { type: number; bytes: Buffer }[] = [];
  for (let at = 0; at < unit.length; ) {
    const header = unit[at] as number;
    let position = at + (header & 0x04 ? 2 : 1);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const octet = unit[position++] as number;
      size |= (octet & 0x7f) << shift;
      if ((octet & 0x80) === 0) break;
    }
    found.push({ type: (header >> 3) & 0x0f, bytes: unit.subarray(at, position + size) });
    at = position + size;
  }
  return found;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
