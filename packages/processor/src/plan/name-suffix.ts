import { createHash } from 'node:crypto';
import type { MixRequest } from './plan.ts';

/**
 * What tells a mix from the one that is made of everybody with no more said than its format, which has no suffix: two
 * different mixes never have one name.
 *
 * @param tracks ids of what is mixed; undefined where that is all there is
 */
export function mixSuffix(
  { layout, bitrateKbps, loudnessLufs, screenshare = true }: MixRequest,
  tracks: readonly (readonly string[])[] | undefined,
): string {
  const words = [
    ...(layout === undefined ? [] : [layout]),
    ...(bitrateKbps === undefined ? [] : [`${bitrateKbps}kbps`]),
    ...(loudnessLufs === undefined ? [] : [`${loudnessLufs}LUFS`]),
    ...(screenshare ? [] : ['no-screenshare']),
    ...(tracks === undefined ? [] : [shortHash(tracks)]),
  ];
  return words.map((word) => `_${word}`).join('');
}

/** Tells one part of a recording from another, and from the whole. */
export const shortHash = (ids: readonly (readonly string[])[]): string =>
  `part-${createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 8)}`;
