import type { ContainerEntry } from '../container/contents.ts';
import type { Turns } from '../turns.ts';
import { compareText } from './natural-order.ts';

/** Whoever looks for a file: a listed segment. */
export interface Claimant {
  /** Folder of the metadata that lists it. */
  readonly folder: string;
  /** Plain file name without extension; empty where the metadata's is none. */
  readonly base: string;
  readonly userId: string;
  readonly sessionId: string;
  /** Equal for one segment that is listed twice. */
  readonly identity: string;
}

export interface MetadataPlace {
  readonly folder: string;
  /** Of the session it describes; undefined where it cannot be read. */
  readonly owner?: { readonly userId: string; readonly sessionId: string } | undefined;
}

export type Match =
  | { readonly entry: ContainerEntry }
  /** Two segments that are not one have equal right to the same file: neither gets it. */
  | { readonly contested: ContainerEntry };

/** Extracted archives are three or four folders deep; above this many only the whole archive is looked through. */
const MOST_ANCESTORS = 8;
/** A name that so many files have identifies none of them. */
const MOST_NAMESAKES = 500;

/**
 * Gives each segment its file, by exact name. The nearest place wins:
 *
 *     1  beside the metadata
 *     2  in the folder above (files lie in the user's folder, metadata in the session's)
 *     3  anywhere below the metadata's folder, then below the folder above it, and so on up to the whole archive,
 *        where exactly one file has the name, or exactly one of them lies in a folder named as the session or user
 *
 * Every segment tries step 1 before any tries step 2, and so on: a file that somebody nearer has a right to is never
 * taken by somebody farther away. Nor is one that lies beside another session's metadata.
 */
export function matchFiles<C extends Claimant>(
  claimants: readonly C[],
  entries: readonly ContainerEntry[],
  extension: '.rtpdump' | '.sdp',
  places: readonly MetadataPlace[],
  turns: Turns,
): Promise<Map<C, Match>> {
  return new Matcher<C>(entries, extension, places).run(claimants, turns);
}

class Matcher<C extends Claimant> {
  readonly #extension: string;
  readonly #byPath = new Map<string, ContainerEntry>();
  /** Sorted by folder. */
  readonly #byFile = new Map<string, ContainerEntry[]>();
  /** Owners of the metadata in a folder; the empty text stands for metadata that cannot be read. */
  readonly #owners = new Map<string, Set<string>>();
  readonly #unreadableParents = new Set<string>();
  readonly #folders = new Map<ContainerEntry, ReadonlySet<string>>();
  readonly #claimed = new Map<ContainerEntry, string>();
  readonly #matches = new Map<C, Match>();

  constructor(entries: readonly ContainerEntry[], extension: string, places: readonly MetadataPlace[]) {
    this.#extension = extension;
    for (const entry of entries) {
      if (!entry.file.endsWith(extension) || entry.kind === 'other') continue;
      this.#byPath.set(entry.name, entry);
      const same = this.#byFile.get(entry.file);
      if (same === undefined) this.#byFile.set(entry.file, [entry]);
      else same.push(entry);
    }
    for (const same of this.#byFile.values()) same.sort((a, b) => compareText(a.folder, b.folder));
    for (const { folder, owner } of places) {
      const owners = this.#owners.get(folder) ?? new Set();
      owners.add(owner === undefined ? '' : ownerKey(owner));
      this.#owners.set(folder, owners);
      const above = parentOf(folder);
      if (owner === undefined && above !== undefined) this.#unreadableParents.add(above);
    }
  }

  async run(claimants: readonly C[], turns: Turns): Promise<Map<C, Match>> {
    let open = claimants.filter((claimant) => claimant.base !== '');
    for (let step = 0; open.length > 0 && step <= MOST_ANCESTORS + 2; step += 1) {
      const choices = new Map<C, ContainerEntry>();
      for (const claimant of open) {
        if (turns.isOver) await turns.next();
        const entry = this.#choose(claimant, step);
        if (entry !== undefined) choices.set(claimant, entry);
      }
      this.#settle(choices);
      open = open.filter((claimant) => !this.#matches.has(claimant));
    }
    return this.#matches;
  }

  #choose(claimant: C, step: number): ContainerEntry | undefined {
    const file = claimant.base + this.#extension;
    const same = this.#byFile.get(file);
    if (same === undefined) return undefined;
    if (step === 0) return this.#byPath.get(join(claimant.folder, file));
    const above = parentOf(claimant.folder);
    const entry =
      step === 1
        ? above === undefined
          ? undefined
          : this.#byPath.get(join(above, file))
        : this.#onlyOne(same, ancestorOf(claimant.folder, step - 2), claimant);
    return entry !== undefined && this.#isFree(entry, claimant) ? entry : undefined;
  }

  #onlyOne(same: readonly ContainerEntry[], below: string, claimant: C): ContainerEntry | undefined {
    if (same.length > MOST_NAMESAKES) return undefined;
    const found = entriesWithin(below, same);
    if (found.length <= 1) return found[0];
    for (const id of [claimant.sessionId, claimant.userId]) {
      const named = id === '' ? [] : found.filter((entry) => this.#foldersOf(entry).has(id));
      if (named.length === 1) return named[0];
    }
    return undefined;
  }

  /** Names of the folders that an entry lies in: long names times many claimants are not taken apart anew. */
  #foldersOf(entry: ContainerEntry): ReadonlySet<string> {
    const known = this.#folders.get(entry) ?? new Set(entry.folder.split('/'));
    this.#folders.set(entry, known);
    return known;
  }

  #isFree(entry: ContainerEntry, claimant: C): boolean {
    const claimedBy = this.#claimed.get(entry);
    if (claimedBy !== undefined && claimedBy !== claimant.identity) return false;
    const owners = this.#owners.get(entry.folder);
    if (owners !== undefined && entry.folder !== claimant.folder && !owners.has(ownerKey(claimant)))
      return false;
    // Metadata that cannot be read may own the files in the folder above it; not where that is our own way up.
    return !this.#unreadableParents.has(entry.folder) || isWithin(claimant.folder, entry.folder);
  }

  #settle(choices: ReadonlyMap<C, ContainerEntry>): void {
    const identities = new Map<ContainerEntry, Set<string>>();
    for (const [claimant, entry] of choices) {
      const set = identities.get(entry) ?? new Set();
      set.add(claimant.identity);
      identities.set(entry, set);
    }
    for (const [claimant, entry] of choices) {
      const contested = (identities.get(entry)?.size ?? 0) > 1;
      this.#matches.set(claimant, contested ? { contested: entry } : { entry });
      this.#claimed.set(entry, contested ? '' : claimant.identity);
    }
  }
}

function ownerKey(owner: { userId: string; sessionId: string }): string {
  return JSON.stringify([owner.userId, owner.sessionId]);
}

function join(folder: string, file: string): string {
  return folder === '' ? file : `${folder}/${file}`;
}

function parentOf(folder: string): string | undefined {
  if (folder === '') return undefined;
  const slash = folder.lastIndexOf('/');
  return slash < 0 ? '' : folder.slice(0, slash);
}

/** The folder `levels` above; the archive's root where there are not so many or the last step is reached. */
function ancestorOf(folder: string, levels: number): string {
  if (levels >= MOST_ANCESTORS) return '';
  let at = folder;
  for (let level = 0; level < levels; level += 1) at = parentOf(at) ?? '';
  return at;
}

function isWithin(folder: string, ancestor: string): boolean {
  return ancestor === '' || folder === ancestor || folder.startsWith(`${ancestor}/`);
}

/** Those in a folder and below it, of entries that are sorted by folder: found without a look at each. */
function entriesWithin(ancestor: string, sorted: readonly ContainerEntry[]): readonly ContainerEntry[] {
  if (ancestor === '') return sorted;
  const from = (folder: string): number => firstFrom(sorted, folder);
  const inIt = sorted.slice(from(ancestor), from(`${ancestor}\0`));
  // What follows the slash in the order of characters is 0.
  const belowIt = sorted.slice(from(`${ancestor}/`), from(`${ancestor}0`));
  return belowIt.length === 0 ? inIt : [...inIt, ...belowIt];
}

/** Index of the first entry whose folder is this one or behind it. */
function firstFrom(sorted: readonly ContainerEntry[], folder: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareText(sorted[middle]?.folder ?? '', folder) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
