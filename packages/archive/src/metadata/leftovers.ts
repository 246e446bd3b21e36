import { type ContainerEntry, refusalProblem } from '../container/contents.ts';
import { excerpt } from '../excerpt.ts';
import type { ProblemList } from '../problem-list.ts';
import type { Draft } from './draft.ts';
import type { DraftFiles } from './draft-files.ts';

/** Entries that no segment accounts for: refused ones, and dumps that nobody lists. */
export function noteLeftovers(
  entries: readonly ContainerEntry[],
  drafts: readonly Draft[],
  files: DraftFiles,
  problems: ProblemList,
): void {
  const used = new Set<ContainerEntry>();
  for (const draft of drafts) {
    for (const match of [files.dump.get(draft), files.sdp.get(draft)]) {
      if (match !== undefined) used.add('entry' in match ? match.entry : match.contested);
    }
  }
  for (const entry of entries) {
    if (used.has(entry) || entry.kind === 'metadata') continue;
    if (entry.refusal !== undefined) {
      problems.add(refusalProblem(entry, entry.refusal));
    } else if (entry.kind === 'dump') {
      problems.add({
        code: 'DUMP_UNLISTED',
        severity: 'notice',
        message: `${excerpt(entry.name)} is listed by no metadata: it is left out`,
        entry: entry.name,
      });
    }
  }
}
