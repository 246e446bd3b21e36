import { formatBytes } from '@rawreel/text';
import { MAX_SMALL_TOTAL, MOST_SEGMENTS } from '../bounds.ts';
import type { ContainerEntry, Contents } from '../container/contents.ts';
import { refusalProblem } from '../container/contents.ts';
import { ArchiveError, isDamage, reasonOf } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { ProblemList } from '../problem-list.ts';
import { Turns } from '../turns.ts';
import { readConcurrently } from './concurrent-reads.ts';
import type { MetadataPlace } from './match-files.ts';
import {
  readMetadata,
  type SegmentBudget,
  type SessionMetadata,
  type UnreadableMetadata,
} from './read-metadata.ts';

export interface LoadedMetadata {
  readonly entry: ContainerEntry;
  readonly metadata: SessionMetadata;
}

/**
 * All timing metadata of an archive, nearest to the root first, so that the order does not depend on the container.
 *
 * @throws ArchiveError ERR_NO_METADATA, ERR_METADATA_ALL_UNREADABLE
 */
export async function loadMetadata(
  contents: Contents,
  source: string,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<{ loaded: LoadedMetadata[]; places: MetadataPlace[] }> {
  const entries = contents.entries
    .filter(({ kind }) => kind === 'metadata')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.length === 0) throw noMetadata(contents, source);
  const loaded: LoadedMetadata[] = [];
  const places: MetadataPlace[] = [];
  const reasons: string[] = [];
  const readings = await readAll(contents, entries, signal);
  for (const [entry, reading] of readings) {
    if ('metadata' in reading) {
      const { fields } = reading.metadata;
      loaded.push({ entry, metadata: reading.metadata });
      places.push({
        folder: entry.folder,
        owner: { userId: fields.participant_id, sessionId: fields.user_session_id },
      });
      noteBroken(entry, reading.metadata, problems);
    } else {
      places.push({ folder: entry.folder });
      reasons.push(`${excerpt(entry.name)}: ${reading.unreadable.reason}`);
      noteUnreadable(entry, reading.unreadable, problems);
    }
  }
  if (loaded.length === 0) throw allUnreadable(source, reasons, contents.cut);
  return { loaded, places };
}

type Reading = Awaited<ReturnType<typeof readOne>>;

/** In the order of the entries. */
async function readAll(
  contents: Contents,
  entries: readonly ContainerEntry[],
  signal: AbortSignal | undefined,
): Promise<[ContainerEntry, Reading][]> {
  let total = 0;
  // Where all of it is too much, a bomb takes no room from those beside it.
  const smallestFirst = [...entries].sort((a, b) => a.size - b.size);
  const waiting = smallestFirst.map((entry) => {
    total += entry.size;
    return { entry, total };
  });
  const read = new Map<ContainerEntry, Reading>();
  const turns = new Turns(signal);
  const budget: SegmentBudget = { left: MOST_SEGMENTS };
  await readConcurrently(waiting, async ({ entry, total: before }) => {
    if (turns.isOver) await turns.next();
    read.set(entry, await readOne(contents, entry, before, budget, turns));
  });
  return entries.flatMap((entry) => {
    const reading = read.get(entry);
    return reading === undefined ? [] : [[entry, reading] as [ContainerEntry, Reading]];
  });
}

async function readOne(
  contents: Contents,
  entry: ContainerEntry,
  total: number,
  budget: SegmentBudget,
  turns: Turns,
) {
  if (entry.refusal !== undefined) return { unreadable: { reason: `it ${entry.refusal.reason}` } };
  if (total > MAX_SMALL_TOTAL) {
    return {
      unreadable: { reason: `the metadata comes to more than ${formatBytes(MAX_SMALL_TOTAL)} in all` },
    };
  }
  try {
    const bytes = await contents.readSmall(entry);
    if (turns.isOver) await turns.next();
    return await readMetadata(bytes, budget, turns);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { unreadable: { reason: reasonOf(error) } };
  }
}

function noteUnreadable(entry: ContainerEntry, unreadable: UnreadableMetadata, problems: ProblemList): void {
  // A link or an oversized entry is first of all that.
  if (entry.refusal !== undefined) problems.add(refusalProblem(entry, entry.refusal));
  const who = unreadable.userId === undefined ? '' : ` of ${excerpt(unreadable.userId)}`;
  problems.add({
    code: 'METADATA_UNREADABLE',
    severity: 'damage',
    message: `The session${who} in ${excerpt(entry.name)} is left out: ${unreadable.reason}`,
    entry: entry.name,
    userId: unreadable.userId,
    sessionId: unreadable.sessionId,
  });
}

function noteBroken(entry: ContainerEntry, metadata: SessionMetadata, problems: ProblemList): void {
  const { participant_id: userId, user_session_id: sessionId } = metadata.fields;
  for (const reason of metadata.broken) {
    problems.add({
      code: 'METADATA_UNREADABLE',
      severity: 'damage',
      message: `${excerpt(entry.name)} of ${excerpt(userId)}: ${reason}`,
      entry: entry.name,
      userId,
      sessionId,
    });
  }
}

function noMetadata({ entries, kind, cut }: Contents, source: string): ArchiveError {
  const count = (wanted: string) => entries.filter((entry) => entry.kind === wanted).length;
  const others = entries.filter((entry) => entry.kind === 'other').slice(0, 3);
  const more =
    others.length === 0 ? '' : `, others such as ${others.map(({ name }) => excerpt(name)).join(', ')}`;
  const found = `Found instead: ${plural(count('dump'), 'dump')}, ${plural(count('sdp'), 'SDP')}${more}.`;
  const advice =
    cut === undefined
      ? `Each session needs its timing_metadata.json or *_timing_metadata.json: was ${kind === 'folder' ? 'the folder' : 'the archive'} repacked?`
      : `The archive ${cut}: what is missing may be there. Fetch it again.`;
  return new ArchiveError(
    'ERR_NO_METADATA',
    `${excerpt(source)} has no timing metadata${cut === undefined ? '' : ', and is cut'}`,
    { hint: `${found}\n${advice}` },
  );
}

function allUnreadable(source: string, reasons: readonly string[], cut: string | undefined): ArchiveError {
  const first = reasons.slice(0, 3).join('\n');
  const rest = reasons.length > 3 ? `\nand ${reasons.length - 3} more` : '';
  return new ArchiveError(
    'ERR_METADATA_ALL_UNREADABLE',
    `${excerpt(source)} has timing metadata, but none of it can be read`,
    { hint: `${first}${rest}${cut === undefined ? '' : `\nThe archive ${cut}.`}` },
  );
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
