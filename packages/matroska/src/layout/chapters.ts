import { type EbmlElement, master, uint, utf8 } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';
import type { MatroskaOptions } from '../matroska-options.ts';

const NS_PER_MS = 1_000_000;

/**
 * Chapters (RFC 9559 §5.1.7): one edition, its chapters in a row, each until the next; undefined when there are none. Their titles
 * are in English, as ChapLanguage has it where it is not given. ChapterUIDs are numbers from 1: they are unique in a file, and need
 * not be elsewhere.
 */
export function chaptersElement({ chapters = [] }: MatroskaOptions): EbmlElement | undefined {
  if (chapters.length === 0) return undefined;
  const atoms = chapters.map(({ startMs, title }, index) =>
    master(Id.ChapterAtom, [
      uint(Id.ChapterUID, index + 1),
      uint(Id.ChapterTimeStart, startMs * NS_PER_MS),
      master(Id.ChapterDisplay, [utf8(Id.ChapString, title)]),
    ]),
  );
  return master(Id.Chapters, [master(Id.EditionEntry, atoms)]);
}
