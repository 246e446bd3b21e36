import { formatBytes } from '@rawreel/text';
import { MAX_SMALL_TOTAL } from '../bounds.ts';
import type { ContainerEntry, Contents } from '../container/contents.ts';
import { isDamage, reasonOf } from '../errors.ts';
import type { ProblemList } from '../problem-list.ts';
import type { ArchiveProblem } from '../recording.ts';
import type { Turns } from '../turns.ts';
import { readConcurrently } from './concurrent-reads.ts';
import { type Draft, idsOf, nameOf } from './draft.ts';
import { entryOf } from './draft-files.ts';
import type { Match } from './match-files.ts';

/**
 * The SDPs of these segments. Where all of them are too much together the largest are not read; those that cannot be read are
 * noted.
 */
export async function readSdps(
  contents: Contents,
  drafts: readonly Draft[],
  matches: ReadonlyMap<Draft, Match>,
  problems: ProblemList,
  turns: Turns,
): Promise<Map<Draft, string>> {
  const texts = new Map<Draft, string>();
  let total = 0;
  const sizeOf = (draft: Draft): number => entryOf(matches, draft)?.size ?? 0;
  const smallestFirst = [...drafts].sort((a, b) => sizeOf(a) - sizeOf(b));
  await readConcurrently(smallestFirst, async (draft) => {
    if (turns.isOver) await turns.next();
    const entry = entryOf(matches, draft);
    if (entry === undefined || entry.refusal !== undefined) return;
    total += entry.size;
    if (total > MAX_SMALL_TOTAL) {
      problems.add(tooManySdps(draft, entry));
      return;
    }
    try {
      texts.set(draft, Buffer.from(await contents.readSmall(entry)).toString('utf8'));
    } catch (error) {
      if (!isDamage(error)) throw error;
      problems.add({
        code: 'ENTRY_DAMAGED',
        severity: 'damage',
        message: `The SDP of ${nameOf(draft)} cannot be read: ${reasonOf(error)}`,
        entry: entry.name,
        ...idsOf(draft),
      });
    }
  });
  return texts;
}

function tooManySdps(draft: Draft, entry: ContainerEntry): ArchiveProblem {
  return {
    code: 'ENTRY_TOO_LARGE',
    severity: 'damage',
    message: `The SDP of ${nameOf(draft)} is not read: all of them come to more than ${formatBytes(MAX_SMALL_TOTAL)}`,
    entry: entry.name,
    ...idsOf(draft),
  };
}
