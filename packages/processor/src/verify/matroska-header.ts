import { childrenOf, floatOf, uintOf } from './ebml-element.ts';
import * as Id from './matroska-ids.ts';
import type { WalkedTrack } from './walked-file.ts';

/** Where Info does not say otherwise, a tick is a millisecond (RFC 9559 §5.1.2.9). */
const USUAL_SCALE_NS = 1_000_000;

export interface SegmentInfo {
  readonly msPerTick: number;
  readonly durationMs: number | undefined;
}

/** Info (RFC 9559 §5.1.2). */
export function segmentInfo(content: Buffer): SegmentInfo {
  let msPerTick = USUAL_SCALE_NS / 1e6;
  let ticks: number | undefined;
  for (const child of childrenOf(content, 'Info')) {
    if (child.id === Id.TIMESTAMP_SCALE) msPerTick = uintOf(child.content) / 1e6;
    if (child.id === Id.DURATION) ticks = floatOf(child.content);
  }
  return { msPerTick, durationMs: ticks === undefined ? undefined : ticks * msPerTick };
}

export interface NumberedTrack extends WalkedTrack {
  readonly number: number;
}

/** Tracks (RFC 9559 §5.1.4). */
export function trackEntries(content: Buffer): NumberedTrack[] {
  return Array.from(childrenOf(content, 'Tracks'))
    .filter(({ id }) => id === Id.TRACK_ENTRY)
    .map((entry) => trackEntry(entry.content));
}

const KINDS: ReadonlyMap<number, WalkedTrack['kind']> = new Map([
  [1, 'video'],
  [2, 'audio'],
]);

function trackEntry(content: Buffer): NumberedTrack {
  let number = 0;
  let type = 0;
  let codecId = '';
  for (const child of childrenOf(content, 'TrackEntry')) {
    if (child.id === Id.TRACK_NUMBER) number = uintOf(child.content);
    if (child.id === Id.TRACK_TYPE) type = uintOf(child.content);
    if (child.id === Id.CODEC_ID) codecId = child.content.toString('latin1');
  }
  return { number, kind: KINDS.get(type) ?? 'other', isOpus: codecId === 'A_OPUS' };
}
