import { type Extract, type ExtractEvents, extract, type Header } from 'tar-stream';

/** A global PAX header is merged into every entry's own: many keys in it times many entries would not end. */
const MOST_PAX_KEYS = 1000;

export interface TarHeader {
  readonly name: string;
  /** `sparse`: without its holes, which a map in the data tells of (GNU tar, PAX format 1.0). */
  readonly type: 'file' | 'folder' | 'sparse' | 'special';
  readonly size: number;
  /** Of the data, counted from the tar's start. */
  readonly offset: number;
}

/** What stands where a header should is none. */
export class TarDamage extends Error {}

/** tar-stream's header with what its types leave out. */
type FullHeader = Header & {
  readonly byteOffset: number;
  readonly pax: Readonly<Record<string, string>> | null;
};

type ExtractOptions = Parameters<typeof extract>[0] & { readonly allowUnknownFormat: boolean };

/**
 * Finds the headers in a tar's bytes: ustar, GNU long names, PAX. The entries' data is not taken from tar-stream's
 * entry streams, which lose what they have buffered when the archive breaks off: whoever feeds the bytes knows where
 * they are and takes the data from them.
 */
export class TarParser {
  readonly #extract: Extract;
  readonly #onHeader: (header: TarHeader) => void;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(onHeader: (header: TarHeader) => void) {
    this.#onHeader = onHeader;
    // A mark of 1 byte makes every write wait until it has been looked through: all headers in it are known then.
    const options: ExtractOptions = { allowUnknownFormat: true, highWaterMark: 1 };
    this.#extract = extract(options);
    this.#extract.on('entry', (...[header, stream, next]: ExtractEvents['entry']) => {
      this.#accept(header as FullHeader);
      stream.on('error', () => undefined);
      if (this.#failure !== undefined) {
        // Nothing is looked for behind it, though the chunk may hold more.
        this.#wake();
        return;
      }
      stream.resume();
      // Not at once: tar-stream would go one call deeper for each entry of a chunk.
      queueMicrotask(() => next());
    });
    this.#extract.on('drain', () => this.#wake());
    this.#extract.on('error', (error: Error) => {
      this.#failure = error;
      this.#wake();
    });
    this.#extract.on('close', () => this.#wake());
  }

  #accept(header: FullHeader): void {
    // tar-stream takes null for a size that is neither octal nor of base 256, and then waits for its last byte for ever.
    if (!Number.isFinite(header.size)) {
      this.#failure = new TarDamage('a header whose size is no number');
      return;
    }
    if (header.pax && Object.keys(header.pax).length > MOST_PAX_KEYS) {
      this.#failure = new TarDamage(`an extended header with more than ${MOST_PAX_KEYS} fields`);
      return;
    }
    this.#onHeader({
      name: header.name,
      type: typeOf(header),
      size: header.size,
      offset: header.byteOffset,
    });
  }

  /**
   * Returns when every header that ends in `chunk` has been handed over.
   *
   * @throws TarDamage where something else stands in a header's place.
   */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#failure === undefined && !this.#extract.destroyed) {
      const drained = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (!this.#extract.write(chunk)) await drained;
    }
    if (this.#failure !== undefined) throw new TarDamage(this.#failure.message, { cause: this.#failure });
  }

  close(): void {
    this.#extract.destroy();
  }
}

function typeOf(header: FullHeader): TarHeader['type'] {
  if (Object.keys(header.pax ?? {}).some((key) => key.startsWith('GNU.sparse.'))) return 'sparse';
  switch (header.type) {
    case 'file':
    case 'contiguous-file':
      return 'file';
    case 'directory':
      return 'folder';
    default:
      return 'special';
  }
}
