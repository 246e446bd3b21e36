import type { ContainerEntry } from '../container/contents.ts';
import type { Turns } from '../turns.ts';
import type { Draft } from './draft.ts';
import { type Match, type MetadataPlace, matchFiles } from './match-files.ts';

/** The files of each segment, as far as they were found. */
export interface DraftFiles {
  readonly dump: ReadonlyMap<Draft, Match>;
  readonly sdp: ReadonlyMap<Draft, Match>;
}

export async function matchDraftFiles(
  drafts: readonly Draft[],
  entries: readonly ContainerEntry[],
  places: readonly MetadataPlace[],
  turns: Turns,
): Promise<DraftFiles> {
  const dump = await matchFiles(drafts, entries, '.rtpdump', places, turns);
  const sdp = await matchFiles(drafts, entries, '.sdp', places, turns);
  return { dump, sdp: sdpsBeside(dump, sdp, entries) };
}

/** The entry that a segment alone has a right to. */
export function entryOf(matches: ReadonlyMap<Draft, Match>, draft: Draft): ContainerEntry | undefined {
  const match = matches.get(draft);
  return match !== undefined && 'entry' in match ? match.entry : undefined;
}

/** A dump's own SDP lies beside it; where it does not, it is looked for as the dump was. */
function sdpsBeside(
  dumps: ReadonlyMap<Draft, Match>,
  found: ReadonlyMap<Draft, Match>,
  entries: readonly ContainerEntry[],
): Map<Draft, Match> {
  const sdps = new Map(found);
  const byName = new Map(entries.filter(({ kind }) => kind === 'sdp').map((entry) => [entry.name, entry]));
  for (const [draft, match] of dumps) {
    if (!('entry' in match)) continue;
    const beside = byName.get(match.entry.name.replace(/\.rtpdump$/, '.sdp'));
    if (beside !== undefined) sdps.set(draft, { entry: beside });
  }
  return sdps;
}
