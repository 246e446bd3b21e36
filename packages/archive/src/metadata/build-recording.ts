import type { Contents } from '../container/contents.ts';
import type { ProblemList } from '../problem-list.ts';
import type { Recording } from '../recording.ts';
import { Turns } from '../turns.ts';
import { draftSegments } from './draft.ts';
import { matchDraftFiles } from './draft-files.ts';
import { placeDumps } from './dump-places.ts';
import { noteLeftovers } from './leftovers.ts';
import type { LoadedMetadata } from './load-metadata.ts';
import type { MetadataPlace } from './match-files.ts';
import { compareText } from './natural-order.ts';
import { readSdps } from './sdp-texts.ts';
import { SegmentBuilder } from './segment-builder.ts';
import { buildSessions } from './sessions.ts';
import { earliest, readStartTime } from './timing.ts';
import { withoutDuplicates } from './unique-drafts.ts';

/** What a recording is put together from. */
export interface Parts {
  readonly contents: Contents;
  readonly loaded: readonly LoadedMetadata[];
  readonly places: readonly MetadataPlace[];
  /** Inflated bytes that all dumps may have together. */
  readonly maxInflated: number;
  readonly problems: ProblemList;
  readonly signal: AbortSignal | undefined;
}

/** Puts metadata and entries together. What is missing on either side ends up in `problems`. */
export async function buildRecording(
  parts: Parts,
): Promise<Omit<Recording, 'source' | 'container' | 'problems'>> {
  const { contents, loaded, places, maxInflated, problems, signal } = parts;
  const turns = new Turns(signal);
  const drafts = await draftSegments(loaded, turns);
  const files = await matchDraftFiles(drafts, contents.entries, places, turns);
  const unique = withoutDuplicates(drafts, files, problems);
  const sdps = await readSdps(contents, unique, files.sdp, problems, turns);
  const placed = await placeDumps(contents, maxInflated, unique, files.dump);
  const builder = new SegmentBuilder({ files, sdps, placed, problems });
  const sessions = await buildSessions(loaded, unique, builder, turns);
  noteLeftovers(contents.entries, drafts, files, problems);
  return {
    ...callOf(loaded),
    zeroUnixMs: earliest(drafts.map(({ timing }) => timing.firstRtpUnixMs)),
    sessions,
    tracks: sessions.flatMap(({ tracks }) => tracks),
  };
}

/** The call that most of the metadata names; of two that are level, the first by name. */
function callOf(loaded: readonly LoadedMetadata[]) {
  const calls = Map.groupBy(loaded, ({ metadata: { fields } }) =>
    JSON.stringify([fields.call_type, fields.call_id, fields.call_session_id]),
  );
  const [most] = [...calls.entries()].sort(([a, as], [b, bs]) => bs.length - as.length || compareText(a, b));
  const group = most?.[1] ?? [];
  const fields = group[0]?.metadata.fields;
  return {
    callType: fields?.call_type ?? '',
    callId: fields?.call_id ?? '',
    callSessionId: fields?.call_session_id ?? '',
    callStartMs: earliest(group.map(({ metadata }) => readStartTime(metadata.fields.call_start_time))),
  };
}
