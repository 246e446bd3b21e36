import type { Picture } from './pictures-behind.ts';

/** What makes ffmpeg list the decoded pictures in this form, as large as they are; times as the input has them. */
export const PICTURE_LINES = {
  ofInput: ['-copyts'],
  ofOutput: ['-noautoscale', '-enc_time_base', '1:1000', '-f', 'framehash', '-hash', 'murmur3'],
} as const;

/** A line such as `0, 400, 400, 40, 115200, a2fa10e948a37721485597b23800570e`: stream, times, duration, size, hash. */
const LINE = /^\d+,\s*-?\d+,\s*(-?\d+),\s*\d+,\s*\d+,\s*([0-9a-f]{8})/;

/** Undefined for a line of the head. */
export function pictureOf(line: string): Picture | undefined {
  const [, atMs, hash] = LINE.exec(line) ?? [];
  return atMs === undefined || hash === undefined
    ? undefined
    : { atMs: Number(atMs), hash: Number.parseInt(hash, 16) };
}
