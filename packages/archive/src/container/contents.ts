import { formatBytes } from '@rawreel/text';
import { MAX_SMALL_ENTRY, MOST_NAME_CHARACTERS } from '../bounds.ts';
import { excerpt } from '../excerpt.ts';
import type { ProblemList } from '../problem-list.ts';
import type { ArchiveProblemCode, ContainerKind, EntryLocation } from '../recording.ts';
import { type EntryKind, kindOfEntry, normalizeName, unsafeNameReason } from './names.ts';

/** Why an entry is not read although it is there. */
export interface Refusal {
  readonly code: ArchiveProblemCode;
  /** Follows the entry's name in a sentence. */
  readonly reason: string;
}

export interface ContainerEntry {
  /** Normalized: parts joined by `/`, no `..`, no control characters. */
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly kind: EntryKind;
  /** As declared; a cut entry's location has the smaller size that is there. */
  readonly size: number;
  readonly location: EntryLocation;
  readonly refusal?: Refusal | undefined;
  readonly cut?: boolean | undefined;
}

/** What an archive of any kind turns out to hold. */
export interface Contents {
  readonly kind: ContainerKind;
  readonly byteLength: number;
  readonly entries: readonly ContainerEntry[];
  /** Set where the archive ends too early or goes on unreadably: a phrase that follows "the archive". */
  readonly cut?: string | undefined;
  /**
   * All bytes of a metadata or SDP entry that is not refused.
   *
   * @throws ArchiveError as openEntry does.
   */
  readSmall(entry: ContainerEntry): Promise<Uint8Array>;
  /**
   * Told once which dumps are wanted, where that makes a difference.
   *
   * @returns where those lie that are not at their own location any more.
   */
  place?(wanted: ReadonlySet<ContainerEntry>): Promise<ReadonlyMap<ContainerEntry, EntryLocation>>;
}

export interface Limits {
  readonly maxEntrySize: number;
  readonly maxEntries: number;
  /** Of all dumps that metadata lists. */
  readonly maxInflated: number;
}

export interface FoundEntry {
  readonly rawName: string;
  readonly size: number;
  readonly location: EntryLocation;
  readonly refusal?: Refusal | undefined;
}

/**
 * The rules every container's entries pass: safe names, no links, declared size within the limit, a bounded number,
 * each name once.
 */
export class EntryCollector {
  readonly #limits: Limits;
  readonly #problems: ProblemList;
  readonly #byName = new Map<string, ContainerEntry[]>();
  #count = 0;
  #nameCharacters = 0;

  constructor(limits: Limits, problems: ProblemList) {
    this.#limits = limits;
    this.#problems = problems;
  }

  /** Counts an entry of any kind, folders included. */
  countOne(rawName: string): 'go on' | 'too many' {
    this.#count += 1;
    this.#nameCharacters += rawName.length;
    const excess =
      this.#count > this.#limits.maxEntries
        ? `has more than ${this.#limits.maxEntries} entries`
        : this.#nameCharacters > MOST_NAME_CHARACTERS
          ? `has entries whose names come to more than ${formatBytes(MOST_NAME_CHARACTERS)}`
          : undefined;
    if (excess === undefined) return 'go on';
    this.#problems.add({
      code: 'ENTRIES_TOO_MANY',
      severity: 'damage',
      message: `The archive ${excess}: those behind are ignored`,
    });
    return 'too many';
  }

  /** Whether a name may be used at all; the problem is noted where not. */
  admitName(rawName: string): boolean {
    const reason = unsafeNameReason(rawName);
    if (reason === undefined) return true;
    this.#problems.add({
      code: 'ENTRY_UNSAFE_NAME',
      severity: 'damage',
      message: `Entry "${excerpt(rawName)}" is ignored: its name ${reason}`,
      entry: excerpt(rawName),
    });
    return false;
  }

  /** @returns the entry as it will be listed, or undefined where its name rules it out. */
  add(found: FoundEntry): ContainerEntry | undefined {
    if (!this.admitName(found.rawName)) return undefined;
    const name = normalizeName(found.rawName);
    if (name === '') return undefined;
    const slash = name.lastIndexOf('/');
    const folder = slash < 0 ? '' : name.slice(0, slash);
    const file = name.slice(slash + 1);
    const kind = kindOfEntry(file, folder);
    const refusal = found.refusal ?? this.#sizeRefusal(found.size, kind);
    const entry: ContainerEntry = {
      name,
      folder,
      file,
      kind,
      size: found.size,
      location: found.location,
      refusal,
    };
    const same = this.#byName.get(name);
    if (same === undefined) this.#byName.set(name, [entry]);
    else same.push(entry);
    return entry;
  }

  #sizeRefusal(size: number, kind: EntryKind): Refusal | undefined {
    const small = kind === 'metadata' || kind === 'sdp';
    const limit = small ? Math.min(MAX_SMALL_ENTRY, this.#limits.maxEntrySize) : this.#limits.maxEntrySize;
    if (size <= limit) return undefined;
    return {
      code: 'ENTRY_TOO_LARGE',
      reason: `is declared with ${formatBytes(size)}, more than the limit of ${formatBytes(limit)}`,
    };
  }

  /**
   * The entries in their order, each name once. Of several under one name the first that can be read is taken.
   *
   * @param fingerprint equal for equal contents; asked only about entries of one name and size.
   */
  async finish(fingerprint: (entry: ContainerEntry) => string | Promise<string>): Promise<ContainerEntry[]> {
    const chosen: ContainerEntry[] = [];
    for (const same of this.#byName.values()) {
      const first = same.find((entry) => entry.refusal === undefined) ?? same[0];
      if (first === undefined) continue;
      chosen.push(first);
      for (const other of same) {
        if (other !== first) await this.#judgeDuplicate(first, other, fingerprint);
      }
    }
    return chosen;
  }

  async #judgeDuplicate(
    first: ContainerEntry,
    other: ContainerEntry,
    fingerprint: (entry: ContainerEntry) => string | Promise<string>,
  ): Promise<void> {
    if (other.refusal !== undefined) {
      this.#problems.add(refusalProblem(other, other.refusal));
      return;
    }
    const identical = first.size === other.size && (await fingerprint(first)) === (await fingerprint(other));
    const message = identical
      ? `${excerpt(first.name)} is in the archive twice, with the same content: used once`
      : `${excerpt(first.name)} is in the archive twice, with different content: the first is used`;
    this.#problems.add({
      code: 'ENTRY_DUPLICATE',
      severity: identical ? 'notice' : 'damage',
      message,
      entry: excerpt(first.name),
    });
  }
}

export function refusalProblem(entry: ContainerEntry, refusal: Refusal) {
  return {
    code: refusal.code,
    severity: 'damage',
    message: `${excerpt(entry.name)} is ignored: it ${refusal.reason}`,
    entry: excerpt(entry.name),
  } as const;
}
