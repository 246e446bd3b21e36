import { createHash } from 'node:crypto';
import type { CompositeLook, MixRequest } from './plan.ts';
import { cutSuffix } from './plan-cut.ts';

/**
 * What tells a mix from the one that is made of everybody with no more said than its format, which has no suffix: two
 * different mixes never have one name.
 *
 * @param tracks ids of what is mixed; undefined where that is all there is
 */
export function mixSuffix(
  { layout, bitrateKbps, loudnessLufs, gateDbov, screenshare = true }: MixRequest,
  tracks: readonly (readonly string[])[] | undefined,
): string {
  const words = [
    ...(layout === undefined ? [] : [layout]),
    ...(bitrateKbps === undefined ? [] : [`${bitrateKbps}kbps`]),
    ...(loudnessLufs === undefined ? [] : [`${loudnessLufs}LUFS`]),
    ...(gateDbov === undefined ? [] : [`gate${gateDbov}dBov`]),
    ...(screenshare ? [] : ['no-screenshare']),
    ...(tracks === undefined ? [] : [shortHash(tracks)]),
  ];
  return words.map((word) => `_${word}`).join('');
}

/** All that is said of a composite but its format. */
export interface NamedComposite {
  readonly look: CompositeLook;
  /** What else tells it from others, as JSON has it. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** What tells a composite from the usual one, as `mixSuffix` does: layout, size and part by words, all else by a hash. */
export function compositeSuffix({ look, more }: NamedComposite, usual: NamedComposite): string {
  const { layout, size } = look;
  const isSized = size.width !== usual.look.size.width || size.height !== usual.look.size.height;
  const others = othersOf({ look, more });
  return [
    layout === usual.look.layout ? '' : `_${layout}`,
    isSized ? `_${size.width}x${size.height}` : '',
    cutSuffix(look),
    others === othersOf(usual) ? '' : `_look-${hashOf(others)}`,
  ].join('');
}

function othersOf({ look, more }: NamedComposite): string {
  const { layout: _layout, size: _size, fromMs: _from, toMs: _to, ...others } = look;
  return JSON.stringify([others, more]);
}

/** Tells one part of a recording from another, and from the whole. */
export const shortHash = (ids: readonly (readonly string[])[]): string =>
  `part-${hashOf(JSON.stringify(ids))}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
