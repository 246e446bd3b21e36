import { excerpt } from '../excerpt.ts';
import type { SegmentTiming } from '../recording.ts';
import type { Turns } from '../turns.ts';
import type { LoadedMetadata } from './load-metadata.ts';
import type { ListedSegment } from './read-metadata.ts';
import { middleReceiveTime, readStartTime, readTiming } from './timing.ts';
import { TRACK_TYPES, type TrackKind, type TrackType, trackTypeOf } from './track-types.ts';

/** A segment as one metadata file lists it. */
export interface Draft {
  readonly metadata: LoadedMetadata;
  readonly listed: ListedSegment;
  readonly folder: string;
  readonly base: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: TrackType;
  readonly kind: TrackKind;
  /** One track of one session. */
  readonly trackKey: string;
  /** One segment of one track. */
  readonly identity: string;
  readonly timing: SegmentTiming;
  readonly unusableTimes: readonly string[];
}

/** One draft for each segment that any metadata lists. */
export async function draftSegments(loaded: readonly LoadedMetadata[], turns: Turns): Promise<Draft[]> {
  const middle = middleReceiveTime(
    loaded.flatMap(({ metadata }) => metadata.segments.map(({ fields }) => fields)),
  );
  const sessionNumbers = new Map<string, number>();
  const drafts: Draft[] = [];
  for (const metadata of loaded) {
    const { participant_id, user_session_id } = metadata.metadata.fields;
    const session = JSON.stringify([participant_id, user_session_id]);
    const number = sessionNumbers.get(session) ?? sessionNumbers.size;
    sessionNumbers.set(session, number);
    for (const listed of metadata.metadata.segments) {
      if (turns.isOver) await turns.next();
      drafts.push(draftSegment(metadata, number, listed, middle));
    }
  }
  return drafts;
}

/** @param session stands for user and session, whose ids would otherwise be in the keys of each segment. */
function draftSegment(
  metadata: LoadedMetadata,
  session: number,
  listed: ListedSegment,
  middle: number | undefined,
): Draft {
  const { fields } = metadata.metadata;
  const userId = fields.participant_id;
  const sessionId = fields.user_session_id;
  const base = plainBase(listed.fields.base_filename);
  const trackType = trackTypeOf(listed.fields.track_type, listed.list);
  const trackId = listed.fields.track_id === '' ? trackType : listed.fields.track_id;
  const { timing, unusable } = readTiming(listed.fields, {
    middle,
    callStartMs: readStartTime(fields.call_start_time),
  });
  const trackKey = JSON.stringify([session, trackId, trackType]);
  return {
    metadata,
    listed,
    folder: metadata.entry.folder,
    base,
    userId,
    sessionId,
    trackId,
    trackType,
    kind: TRACK_TYPES[trackType].kind,
    trackKey,
    identity: JSON.stringify([trackKey, base]),
    timing,
    unusableTimes: unusable,
  };
}

/** The metadata's name for a segment's files, as the plain file name it should be: never a path to follow. */
function plainBase(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.endsWith('.rtpdump') ? last.slice(0, -'.rtpdump'.length) : last;
  return plain === '.' || plain === '..' ? '' : plain.normalize('NFC');
}

/** How a message names a segment. */
export function nameOf(draft: Draft): string {
  return `${excerpt(draft.userId)} ${draft.kind} ${excerpt(draft.base || draft.listed.fields.base_filename)}`;
}

/** Where a problem lies. */
export function idsOf({ userId, sessionId, trackId, base }: Draft) {
  return { userId, sessionId, trackId, segment: base };
}
