import type { ProblemList } from '../problem-list.ts';
import { type Draft, idsOf, nameOf } from './draft.ts';
import { type DraftFiles, entryOf } from './draft-files.ts';

/**
 * Each segment once. Listed twice is: the same name in the same track, or, in two metadata files, the same first and
 * last packet in it (one session described in two layouts, under two file names). The one with a dump stays.
 */
export function withoutDuplicates(
  drafts: readonly Draft[],
  { dump }: DraftFiles,
  problems: ProblemList,
): Draft[] {
  const isReadable = (draft: Draft): boolean => {
    const entry = entryOf(dump, draft);
    return entry !== undefined && entry.refusal === undefined;
  };
  const chosen = new Map<string, Draft>();
  const byPackets = new Map<string, Draft>();
  for (const draft of drafts) {
    const packets = packetsKey(draft);
    const twin = packets === undefined ? undefined : byPackets.get(packets);
    if (packets !== undefined && twin === undefined) byPackets.set(packets, draft);
    const isCopy = twin !== undefined && twin.metadata !== draft.metadata;
    const key = isCopy ? twin.identity : draft.identity;
    const other = chosen.get(key);
    if (other === undefined) {
      chosen.set(key, draft);
      continue;
    }
    if (!isReadable(other) && isReadable(draft)) chosen.set(key, draft);
    problems.add({
      code: 'SEGMENT_DUPLICATE',
      severity: 'notice',
      message: `${nameOf(draft)} is listed twice: used once`,
      entry: draft.metadata.entry.name,
      ...idsOf(draft),
    });
  }
  return [...chosen.values()];
}

function packetsKey({ trackKey, timing }: Draft): string | undefined {
  const packets = [
    timing.firstRtpTimestamp,
    timing.firstRtpUnixMs,
    timing.lastRtpTimestamp,
    timing.lastRtpUnixMs,
  ];
  return packets.includes(undefined) ? undefined : JSON.stringify([trackKey, packets]);
}
