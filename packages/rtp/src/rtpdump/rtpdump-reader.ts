import { RtpdumpError } from './rtpdump-error.ts';

export interface RtpdumpHeader {
  /** What follows the magic in the text line, usually `address/port`. */
  readonly address: string;
  /** Start of the dump from the binary header, unix ms with microseconds as fraction. */
  readonly startUnixMs: number;
}

export interface RtpdumpRecord {
  /** Receive time, ms since the header's start. */
  readonly offsetMs: number;
  readonly kind: 'rtp' | 'rtcp';
  /** The packet. A view on the pushed chunk, except where the record straddles two of them. */
  readonly bytes: Uint8Array;
  /** Offset of the record's own header in the file. */
  readonly position: number;
  /** The capture kept less of the packet than was received. */
  readonly truncated: boolean;
}

/** How a dump ended, known after `end()`. */
export type RtpdumpEnding =
  /** Not one byte. */
  | 'empty'
  /** Ended inside the file header. */
  | 'cut-header'
  /** A whole header and nothing usable after it. */
  | 'no-records'
  | 'records';

const MAGIC = '#!rtpplay1.0';
/** Real lines have some 40 bytes; the bound keeps a foreign file from being searched for a line end. */
const MAX_LINE = 1024;
const FILE_HEADER = 16;
const RECORD_HEADER = 8;
const NOTHING = new Uint8Array(0);

/**
 * Reads rtpdump files (rtptools, as Wireshark reads and writes them) from chunks of any size.
 *
 * ```
 * #!rtpplay1.0 <address>/<port>\n
 * +---------------------------------------------------------------+
 * |                    start, unix seconds                        |
 * |                    start, microseconds                        |
 * |                    source address                             |
 * |          source port          |            padding            |
 * +---------------------------------------------------------------+  repeated:
 * |   length, this header too     |   plen: RTP bytes; 0 = RTCP   |
 * |                    offset, ms since start                     |
 * |                    length - 8 bytes of packet ...             |
 * ```
 *
 * A pull core without I/O: `push` a chunk, call `next` until it gives `undefined`, push again, `end` at the end of
 * the input. Records are views, so a chunk must stay unchanged for as long as its records are in use.
 *
 * States: *line* and *block* collect the file header, *records* gives out records, *broken* is reached when a record's
 * length cannot be (below 8): everything before it stands, nothing after it is guessed at. *refused*: no rtpdump.
 */
export class RtpdumpReader {
  #state: 'line' | 'block' | 'records' | 'broken' | 'refused' = 'line';
  #chunks: Uint8Array[] = [];
  #chunk: Uint8Array = NOTHING;
  /** What the chunk is a view on, and where it begins there: a view on that takes half the time of one on the chunk. */
  #buffer: ArrayBufferLike = NOTHING.buffer;
  #bufferAt = 0;
  #at = 0;
  /** File offset of the byte at `#at`. */
  #position = 0;
  #pushed = 0;
  #consumed = 0;
  #ended = false;
  #head = new Uint8Array(MAX_LINE + FILE_HEADER);
  #headLength = 0;
  #lineLength = 0;
  #header: RtpdumpHeader | undefined;
  #error: RtpdumpError | undefined;
  #brokenAt: number | undefined;
  /** A record that straddles chunks: first its 8 bytes of header, then all of it. */
  #straddler: Uint8Array = new Uint8Array(RECORD_HEADER);
  #straddlerFilled = 0;
  #rtpRecords = 0;
  #rtcpRecords = 0;
  #truncatedRecords = 0;

  /** Known once the first bytes are read by `next`. */
  get header(): RtpdumpHeader | undefined {
    return this.#header;
  }
  get rtpRecords(): number {
    return this.#rtpRecords;
  }
  get rtcpRecords(): number {
    return this.#rtcpRecords;
  }
  /** RTP records of which the capture kept only a part. */
  get truncatedRecords(): number {
    return this.#truncatedRecords;
  }
  get bytesPushed(): number {
    return this.#pushed;
  }
  /** Bytes of the file header and of the whole records given out so far. */
  get bytesConsumed(): number {
    return this.#consumed;
  }
  /** File offset of a record header that cannot be one. Reading ended there. */
  get brokenAt(): number | undefined {
    return this.#brokenAt;
  }
  /** After `end()`: bytes of a last record (or file header) that was cut off; 0 where the file ends cleanly. */
  get truncatedBytes(): number {
    return this.#ended && this.#brokenAt === undefined ? this.#pushed - this.#consumed : 0;
  }
  /** Undefined before `end()`. */
  get ending(): RtpdumpEnding | undefined {
    if (!this.#ended) return undefined;
    if (this.#pushed === 0) return 'empty';
    if (this.#header === undefined) return 'cut-header';
    return this.#rtpRecords + this.#rtcpRecords === 0 ? 'no-records' : 'records';
  }

  push(chunk: Uint8Array): void {
    if (this.#ended) throw new Error('RtpdumpReader.push after end');
    this.#pushed += chunk.length;
    if (chunk.length === 0 || this.#state === 'broken' || this.#state === 'refused') return;
    // Views on a plain array cost less than views on a subclass such as node's Buffer.
    const plain =
      chunk.constructor === Uint8Array
        ? chunk
        : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#at === this.#chunk.length && this.#chunks.length === 0) this.#open(plain);
    else this.#chunks.push(plain);
  }

  /**
   * The next whole record; undefined when more bytes are needed or there are no more.
   * @throws {RtpdumpError} `ERR_NOT_RTPDUMP`: this is no rtpdump file
   */
  next(): RtpdumpRecord | undefined {
    if (this.#error !== undefined) throw this.#error;
    while (this.#state !== 'broken') {
      if (this.#at === this.#chunk.length && !this.#nextChunk()) return undefined;
      if (this.#state !== 'records') {
        this.#readFileHeader();
        continue;
      }
      const record = this.#straddlerFilled > 0 ? this.#continueRecord() : this.#readRecord();
      if (record !== undefined) return record;
    }
    return undefined;
  }

  /** No more bytes come. Records already pushed must have been pulled before. */
  end(): void {
    this.#ended = true;
    this.#open(NOTHING);
    this.#chunks = [];
  }

  #nextChunk(): boolean {
    const chunk = this.#chunks.shift();
    this.#open(chunk ?? NOTHING);
    return chunk !== undefined;
  }

  #open(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#buffer = chunk.buffer;
    this.#bufferAt = chunk.byteOffset;
    this.#at = 0;
  }

  #readFileHeader(): void {
    const byte = this.#chunk[this.#at] as number;
    this.#at++;
    this.#position++;
    this.#head[this.#headLength++] = byte;
    if (this.#state === 'line') this.#checkLine(byte);
    else if (this.#headLength === this.#lineLength + FILE_HEADER) this.#finishFileHeader();
  }

  #checkLine(byte: number): void {
    const index = this.#headLength - 1;
    if (index < MAGIC.length) {
      if (byte !== MAGIC.charCodeAt(index)) this.#refuse(`"${MAGIC}"`, index);
    } else if (byte === 0x0a) {
      this.#lineLength = this.#headLength;
      this.#state = 'block';
    } else if (this.#headLength === MAX_LINE) {
      this.#refuse(`a line end within ${MAX_LINE} bytes`, index);
    }
  }

  #refuse(expected: string, offset: number): never {
    // More of the file than the bytes looked at makes the message tell what the file is instead.
    const rest = this.#chunk.subarray(this.#at, this.#at + 32);
    const start = new Uint8Array(this.#headLength + rest.length);
    start.set(this.#head.subarray(0, this.#headLength));
    start.set(rest, this.#headLength);
    this.#error = new RtpdumpError('ERR_NOT_RTPDUMP', expected, offset, start);
    this.#state = 'refused';
    this.#open(NOTHING);
    this.#chunks = [];
    throw this.#error;
  }

  #finishFileHeader(): void {
    let line = '';
    for (let i = MAGIC.length; i < this.#lineLength - 1; i++) {
      line += String.fromCharCode(this.#head[i] as number);
    }
    const seconds = readU32(this.#head, this.#lineLength);
    const microseconds = readU32(this.#head, this.#lineLength + 4);
    this.#header = { address: line.trim(), startUnixMs: seconds * 1000 + microseconds / 1000 };
    this.#consumed = this.#headLength;
    this.#state = 'records';
  }

  #readRecord(): RtpdumpRecord | undefined {
    const chunk = this.#chunk;
    const at = this.#at;
    const available = chunk.length - at;
    if (available < RECORD_HEADER) {
      this.#fillStraddler(available);
      return undefined;
    }
    const length = ((chunk[at] as number) << 8) | (chunk[at + 1] as number);
    if (length < RECORD_HEADER) return this.#break(this.#position);
    if (available < length) {
      this.#straddler = new Uint8Array(length);
      this.#fillStraddler(available);
      return undefined;
    }
    const record = this.#record(chunk, at, length, this.#position);
    this.#at += length;
    this.#position += length;
    return record;
  }

  #continueRecord(): RtpdumpRecord | undefined {
    const wanted = this.#straddler.length - this.#straddlerFilled;
    this.#fillStraddler(Math.min(wanted, this.#chunk.length - this.#at));
    const bytes = this.#straddler;
    if (this.#straddlerFilled < bytes.length) return undefined;
    const length = ((bytes[0] as number) << 8) | (bytes[1] as number);
    const position = this.#position - bytes.length;
    if (length < RECORD_HEADER) return this.#break(position);
    if (length > bytes.length) {
      this.#straddler = new Uint8Array(length);
      this.#straddler.set(bytes);
      return undefined;
    }
    this.#straddler = new Uint8Array(RECORD_HEADER);
    this.#straddlerFilled = 0;
    return this.#record(bytes, 0, length, position);
  }

  #fillStraddler(count: number): void {
    this.#straddler.set(this.#chunk.subarray(this.#at, this.#at + count), this.#straddlerFilled);
    this.#straddlerFilled += count;
    this.#at += count;
    this.#position += count;
  }

  #record(source: Uint8Array, at: number, length: number, position: number): RtpdumpRecord {
    const plen = ((source[at + 2] as number) << 8) | (source[at + 3] as number);
    const kept = length - RECORD_HEADER;
    const truncated = plen > kept;
    if (plen === 0) this.#rtcpRecords++;
    else this.#rtpRecords++;
    if (truncated) this.#truncatedRecords++;
    this.#consumed += length;
    const start = at + RECORD_HEADER;
    // Bytes beyond plen are no part of an RTP packet, whose padding is counted from its end.
    const size = plen === 0 || truncated ? kept : plen;
    return {
      offsetMs: readU32(source, at + 4),
      kind: plen === 0 ? 'rtcp' : 'rtp',
      bytes:
        source === this.#chunk
          ? new Uint8Array(this.#buffer, this.#bufferAt + start, size)
          : source.subarray(start, start + size),
      position,
      truncated,
    };
  }

  #break(position: number): undefined {
    this.#state = 'broken';
    this.#brokenAt = position;
    this.#open(NOTHING);
    this.#chunks = [];
    return undefined;
  }
}

function readU32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}
