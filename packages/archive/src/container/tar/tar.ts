import { crc32 } from 'node:zlib';
import { formatBytes } from '@rawreel/text';
import { MAX_SMALL_TOTAL, mostUnlisted } from '../../bounds.ts';
import { inflateGzip } from '../../entry/gzip.ts';
import { InflateFailure } from '../../entry/inflate-range.ts';
import { ArchiveError } from '../../errors.ts';
import { excerpt } from '../../excerpt.ts';
import type { ProblemList } from '../../problem-list.ts';
import type { ArchiveProblemCode, EntryLocation } from '../../recording.ts';
import type { ByteSource } from '../../source/byte-source.ts';
import { readPieces } from '../../source/pieces.ts';
import { Turns } from '../../turns.ts';
import {
  type ContainerEntry,
  type Contents,
  EntryCollector,
  type Limits,
  type Refusal,
} from '../contents.ts';
import { INFLATE_FAILURES, notTar } from './failures.ts';
import { TarDamage, type TarHeader, TarParser } from './parser.ts';
import { spoolEntries } from './second-pass.ts';
import type { Spool, SpoolFile } from './spool.ts';

const BLOCK = 512;
/** Plain tar is skipped through: little is read where the headers are. */
const HEADER_PIECE = 64 * 1024;
/** Zeros behind the last entry are padding; nobody pads by this much, and zeros cost an attacker nothing. */
const LONGEST_PADDING = 16 * 1024 * 1024;

const REFUSED_TYPES: { readonly [T in TarHeader['type']]?: Refusal } = {
  special: { code: 'ENTRY_LINK', reason: 'is a link or device, no file' },
  sparse: { code: 'ENTRY_DAMAGED', reason: 'is a sparse file, packed without its holes' },
};

const ZEROS = new Uint8Array(1024 * 1024);

export interface TarOptions {
  readonly kind: 'tar' | 'tar.gz';
  readonly path: string;
  readonly limits: Limits;
  readonly problems: ProblemList;
  readonly spool?: Spool | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a tar or tar.gz in one pass: headers all along, metadata and SDP into memory, dumps skipped or spooled. Which of
 * them are wanted is known afterwards, for metadata may follow its dumps: those that nobody wants are removed again.
 *
 * @throws ArchiveError ERR_NOT_AN_ARCHIVE where there is no tar inside.
 */
export async function readTar(source: ByteSource, options: TarOptions): Promise<Contents> {
  const pass = new TarPass(source, options);
  try {
    await pass.run();
  } finally {
    await pass.close();
  }
  return pass.contents();
}

/** One entry while the pass goes through its data. */
interface Taking {
  readonly entry: ContainerEntry;
  readonly start: number;
  readonly end: number;
  seen: number;
  crc: number;
  chunks?: Uint8Array[];
  wantsSpool: boolean;
  file?: SpoolFile | undefined;
}

class TarPass {
  readonly #source: ByteSource;
  readonly #options: TarOptions;
  readonly #collector: EntryCollector;
  readonly #parser: TarParser;
  readonly #takings: Taking[] = [];
  readonly #small = new Map<ContainerEntry, Uint8Array>();
  readonly #checksums = new Map<ContainerEntry, number>();
  readonly #replaced = new Map<ContainerEntry, ContainerEntry>();
  #smallTotal = 0;
  /** Counted in the tar's own bytes. */
  #position = 0;
  /** Where the next header can stand at the earliest. */
  #dataEnd = 0;
  #headers = 0;
  #start: Uint8Array = new Uint8Array(0);
  #full = false;
  /** Bytes of dumps that may be written to disk before anybody wants them. */
  #spoolable: number;
  /** Where the bytes behind the last gzip member begin that are none. */
  #trailing: number | undefined;
  #cut: { code: ArchiveProblemCode; phrase: string } | undefined;

  constructor(source: ByteSource, options: TarOptions) {
    this.#source = source;
    this.#options = options;
    this.#collector = new EntryCollector(options.limits, options.problems);
    this.#spoolable = options.spool === undefined ? 0 : mostUnlisted(source.byteLength);
    this.#parser = new TarParser((header) => this.#announce(header));
  }

  async run(): Promise<void> {
    const turns = new Turns(this.#options.signal);
    const { maxEntrySize, maxInflated } = this.#options.limits;
    const mostPassed = Math.max(maxEntrySize, maxInflated);
    try {
      for await (const chunk of this.#chunks()) {
        if (turns.isOver) await turns.next();
        if (this.#position === 0) this.#start = Buffer.from(chunk.subarray(0, BLOCK));
        const failure = await this.#parse(chunk);
        await this.#deliver(chunk);
        this.#position += chunk.byteLength;
        if (failure !== undefined) {
          this.#fail('ARCHIVE_TRUNCATED', 'goes on with something that is no tar entry', failure);
          return;
        }
        if (this.#full) return;
        if (this.#position > this.#dataEnd + LONGEST_PADDING) {
          if (chunk.some((byte) => byte !== 0)) {
            this.#fail('ARCHIVE_TRUNCATED', 'goes on with extended headers that no entry follows');
          }
          return;
        }
        if (this.#options.kind === 'tar.gz' && this.#position > mostPassed) {
          this.#fail('ENTRY_TOO_LARGE', 'inflates without end, and is read no further');
          return;
        }
      }
      this.#judgeEnd();
    } catch (error) {
      if (!(error instanceof InflateFailure)) throw error;
      this.#judgeInflateFailure(error);
    }
  }

  async #parse(chunk: Uint8Array): Promise<TarDamage | undefined> {
    try {
      await this.#parser.write(chunk);
      return undefined;
    } catch (error) {
      if (error instanceof TarDamage) return error;
      throw error;
    }
  }

  #chunks(): AsyncIterable<Uint8Array> {
    const { kind, signal } = this.#options;
    return kind === 'tar'
      ? this.#skippingChunks()
      : inflateGzip(this.#source, {
          signal,
          onTrailing: (position) => {
            this.#trailing = position;
          },
        });
  }

  /** The tar's bytes, with zeros in place of data that nobody wants: the parser only counts them. */
  async *#skippingChunks(): AsyncGenerator<Uint8Array, void, void> {
    const end = this.#source.byteLength;
    while (this.#position < end) {
      const taking = this.#takings[0];
      const skip =
        taking !== undefined && taking.chunks === undefined ? Math.min(taking.end, end) - this.#position : 0;
      if (skip > 0) {
        yield ZEROS.subarray(0, Math.min(skip, ZEROS.byteLength));
        continue;
      }
      const piece = await this.#source.read(this.#position, HEADER_PIECE);
      if (piece.byteLength === 0) return;
      yield piece;
    }
  }

  #announce(header: TarHeader): void {
    if (this.#full) return;
    this.#headers += 1;
    if (this.#collector.countOne(header.name) === 'too many') {
      this.#full = true;
      return;
    }
    const dataSize = header.type === 'folder' ? 0 : header.size;
    this.#dataEnd = header.offset + Math.ceil(dataSize / BLOCK) * BLOCK;
    if (header.type === 'folder') {
      this.#collector.admitName(header.name);
      return;
    }
    const entry = this.#collector.add({
      rawName: header.name,
      size: header.size,
      location: {
        container: this.#options.kind,
        path: this.#options.path,
        name: header.name,
        offset: header.offset,
        size: header.size,
      },
      refusal: REFUSED_TYPES[header.type],
    });
    if (entry !== undefined) this.#take(entry, header);
  }

  #take(entry: ContainerEntry, header: TarHeader): void {
    const isSmall = entry.kind === 'metadata' || entry.kind === 'sdp';
    const taking: Taking = {
      entry,
      start: header.offset,
      end: header.offset + header.size,
      seen: 0,
      crc: 0,
      wantsSpool: entry.kind === 'dump' && entry.refusal === undefined && header.size <= this.#spoolable,
    };
    if (taking.wantsSpool) this.#spoolable -= header.size;
    if (isSmall && entry.refusal === undefined) {
      this.#smallTotal += header.size;
      if (this.#smallTotal <= MAX_SMALL_TOTAL) taking.chunks = [];
    }
    this.#takings.push(taking);
  }

  /** Hands the chunk's bytes to the entries that lie in it. */
  async #deliver(chunk: Uint8Array): Promise<void> {
    const chunkEnd = this.#position + chunk.byteLength;
    for (let taking = this.#takings[0]; taking !== undefined; taking = this.#takings[0]) {
      const from = Math.max(taking.start, this.#position);
      const to = Math.min(taking.end, chunkEnd);
      if (from < to) {
        await this.#advance(taking, chunk.subarray(from - this.#position, to - this.#position));
      }
      if (taking.end > chunkEnd) return;
      this.#takings.shift();
      await this.#complete(taking);
    }
  }

  async #advance(taking: Taking, bytes: Uint8Array): Promise<void> {
    taking.seen += bytes.byteLength;
    if (this.#options.kind === 'tar.gz') taking.crc = crc32(bytes, taking.crc);
    // A view, which slice() of a Buffer is, would keep its whole chunk in memory.
    taking.chunks?.push(Buffer.from(bytes));
    if (!taking.wantsSpool) return;
    taking.file ??= await this.#options.spool?.begin(taking.entry.size);
    if (taking.file === undefined || !(await taking.file.write(bytes))) {
      taking.wantsSpool = false;
      taking.file = undefined;
    }
  }

  async #complete(taking: Taking): Promise<void> {
    const { entry, chunks, file } = taking;
    if (chunks !== undefined) this.#small.set(entry, Buffer.concat(chunks));
    this.#checksums.set(entry, taking.crc);
    if (file === undefined) return;
    await file.finish();
    this.#replace(entry, {
      location: { container: 'file', path: file.path, name: entry.location.name, size: taking.seen },
    });
  }

  #replace(
    entry: ContainerEntry,
    changes: { location?: EntryLocation; cut?: true; refusal?: Refusal },
  ): void {
    this.#replaced.set(entry, { ...(this.#replaced.get(entry) ?? entry), ...changes });
  }

  #judgeEnd(): void {
    const isWhole = this.#takings.length === 0 && this.#position >= this.#dataEnd + BLOCK;
    if (this.#trailing !== undefined) {
      if (isWhole) this.#noteTrailing(this.#source.byteLength - this.#trailing);
      else this.#fail('ARCHIVE_TRUNCATED', 'goes on with something that is no gzip data');
    } else if (this.#takings.length > 0) {
      this.#fail('ARCHIVE_TRUNCATED', 'ends in the middle of an entry');
    } else if (!isWhole) {
      this.#fail('ARCHIVE_TRUNCATED', 'ends without its end mark');
    }
  }

  #noteTrailing(count: number): void {
    this.#options.problems.add({
      code: 'ARCHIVE_TRAILING_DATA',
      severity: 'notice',
      message: `The archive is whole; ${formatBytes(count)} behind its end are no part of it and are ignored`,
    });
  }

  #judgeInflateFailure(error: InflateFailure): void {
    const { code, phrase } = INFLATE_FAILURES[error.kind];
    this.#fail(code, phrase, error);
  }

  #fail(code: ArchiveProblemCode, phrase: string, error?: Error): void {
    if (this.#headers === 0 && !(error instanceof InflateFailure && error.kind === 'cut')) {
      throw notTar(this.#source, this.#options.kind, this.#start, error);
    }
    const at =
      this.#options.kind === 'tar'
        ? `at byte ${this.#position}`
        : `behind ${formatBytes(this.#position)} of inflated data (${formatBytes(this.#source.byteLength)} are there)`;
    this.#cut = { code, phrase: `${phrase}, ${at}` };
  }

  async close(): Promise<void> {
    this.#parser.close();
    // What is still being taken was cut: it stays, up to the cut.
    for (const taking of this.#takings.splice(0)) {
      const { entry, seen } = taking;
      if (entry.kind !== 'dump') {
        const reason = 'is cut off by the end of the archive';
        this.#replace(entry, { cut: true, refusal: entry.refusal ?? { code: 'ARCHIVE_TRUNCATED', reason } });
        continue;
      }
      await taking.file?.finish();
      const location: EntryLocation =
        taking.file === undefined
          ? { ...entry.location, size: seen }
          : { container: 'file', path: taking.file.path, name: entry.location.name, size: seen };
      this.#replace(entry, { cut: true, location });
    }
  }

  async contents(): Promise<Contents> {
    const cut = this.#cut;
    if (cut !== undefined) {
      this.#options.problems.add({
        code: cut.code,
        severity: 'damage',
        message: `The archive ${cut.phrase}`,
      });
    }
    const entries = await this.#collector.finish((entry) => this.#fingerprint(entry));
    return {
      kind: this.#options.kind,
      byteLength: this.#source.byteLength,
      entries: entries.map((entry) => this.#replaced.get(entry) ?? entry),
      cut: cut?.phrase,
      readSmall: (entry) => this.#readSmall(entry),
      place: (wanted) => this.#place(wanted),
    };
  }

  async #place(wanted: ReadonlySet<ContainerEntry>): Promise<ReadonlyMap<ContainerEntry, EntryLocation>> {
    const { spool, signal } = this.#options;
    if (spool === undefined) return new Map();
    for (const entry of this.#replaced.values()) {
      if (entry.location.container === 'file' && !wanted.has(entry)) await spool.discard(entry.location.path);
    }
    return await spoolEntries(wanted, spool, () => inflateGzip(this.#source, { signal }));
  }

  async #fingerprint(entry: ContainerEntry): Promise<string> {
    const { location } = entry;
    if (location.container !== 'tar') return String(this.#checksums.get(entry));
    let crc = 0;
    const { signal } = this.#options;
    const pieces = readPieces(this.#source, location.offset, location.size, { signal, transient: true });
    for await (const piece of pieces) {
      crc = crc32(piece, crc);
    }
    return String(crc);
  }

  async #readSmall(entry: ContainerEntry): Promise<Uint8Array> {
    const bytes = this.#small.get(entry);
    if (bytes !== undefined) return bytes;
    throw new ArchiveError(
      'ERR_ENTRY_TOO_LARGE',
      `${excerpt(entry.name)} is one too many: metadata and SDP come to more than ${formatBytes(MAX_SMALL_TOTAL)}`,
    );
  }
}
