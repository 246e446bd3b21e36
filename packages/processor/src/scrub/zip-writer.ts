import { crc32, createDeflateRaw } from 'node:zlib';

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  crc: number;
  compressed: number;
  size: number;
}

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Sizes follow the data (bit 3), names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATED = 8;

/** 1980-01-01, the first day that there is. */
const DATE = 0x21;

/** Without ZIP64, which nothing that is to be attached to a report needs. */
const MOST_BYTES = 0xffff_ffff;

/** A ZIP archive in pieces (APPNOTE 4.3), entry behind entry, each deflated while it comes: nothing is held. */
export class ZipWriter {
  readonly #entries: Entry[] = [];
  #position = 0;

  /** @throws {RangeError} where an archive of 4 GiB or 65,535 entries does not do */
  async *entry(name: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    const entry: Entry = { name: Buffer.from(name), offset: this.#position, crc: 0, compressed: 0, size: 0 };
    const head = Buffer.alloc(30);
    head.writeUInt32LE(LOCAL, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(FLAGS, 6);
    head.writeUInt16LE(DEFLATED, 8);
    head.writeUInt16LE(DATE, 12);
    head.writeUInt16LE(entry.name.length, 26);
    yield this.#placed(Buffer.concat([head, entry.name]));
    for await (const bytes of deflated(pieces, entry)) {
      entry.compressed += bytes.length;
      yield this.#placed(bytes);
    }
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(DESCRIPTOR, 0);
    writeSizes(sizes, 4, entry);
    this.#entries.push(entry);
    yield this.#placed(sizes);
  }

  /** The directory; nothing may follow. */
  end(): Buffer {
    const start = this.#position;
    const directory = this.#entries.map((entry) => {
      const head = Buffer.alloc(46);
      head.writeUInt32LE(CENTRAL, 0);
      head.writeUInt16LE(20, 4);
      head.writeUInt16LE(20, 6);
      head.writeUInt16LE(FLAGS, 8);
      head.writeUInt16LE(DEFLATED, 10);
      head.writeUInt16LE(DATE, 14);
      writeSizes(head, 16, entry);
      head.writeUInt16LE(entry.name.length, 28);
      head.writeUInt32LE(entry.offset, 42);
      return Buffer.concat([head, entry.name]);
    });
    const length = directory.reduce((sum, each) => sum + each.length, 0);
    const tail = Buffer.alloc(22);
    tail.writeUInt32LE(END, 0);
    tail.writeUInt16LE(this.#entries.length, 8);
    tail.writeUInt16LE(this.#entries.length, 10);
    tail.writeUInt32LE(length, 12);
    tail.writeUInt32LE(start, 16);
    return Buffer.concat([...directory, tail]);
  }

  #placed(bytes: Buffer): Buffer {
    this.#position += bytes.length;
    if (this.#position > MOST_BYTES) throw new RangeError('an archive of more than 4 GiB');
    return bytes;
  }
}

function writeSizes(into: Buffer, at: number, { crc, compressed, size }: Entry): void {
  into.writeUInt32LE(crc, at);
  into.writeUInt32LE(compressed, at + 4);
  into.writeUInt32LE(size, at + 8);
}

async function* deflated(pieces: AsyncIterable<Uint8Array>, entry: Entry): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  const feed = async () => {
    for await (const bytes of pieces) {
      entry.crc = crc32(bytes, entry.crc);
      entry.size += bytes.length;
      if (!deflate.write(bytes)) await new Promise((resolve) => deflate.once('drain', resolve));
    }
    deflate.end();
  };
  const fed = feed().catch((error: Error) => void deflate.destroy(error));
  for await (const bytes of deflate) yield bytes as Buffer;
  await fed;
}
