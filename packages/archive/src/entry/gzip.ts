import { crc32 } from 'node:zlib';
import type { ByteSource } from '../source/byte-source.ts';
import { readPieces } from '../source/pieces.ts';
import { InflateFailure, requireSalvageable, salvage } from './inflate-range.ts';
import { OUTPUT_CHUNK, openInflater } from './open-inflater.ts';

const TRAILER = 8;
/** Its name and comment have no length of their own. */
const LONGEST_HEADER = 128 * 1024;
/** Of zeros behind the last member: padding of tapes and blocks. More cost nothing to write, and need not be read. */
const LONGEST_PADDING = 16 * 1024 * 1024;
/** Members that hold little, of which an archive can have a million, are inflated without a large buffer each. */
const SMALL_CHUNK = 4 * 1024;

export interface GzipOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told, at the end, that bytes which are neither a member nor zeros follow the last member, from there on. */
  readonly onTrailing?: ((position: number) => void) | undefined;
}

/**
 * Inflates a gzip file: one member or several behind each other, as `pigz`, `bgzip` and `cat` write them.
 *
 *     member   ID1 1f  ID2 8b  CM 08  FLG  MTIME (4)  XFL  OS            RFC 1952 §2.3
 *              FEXTRA: length (2), field   FNAME: …, 0   FCOMMENT: …, 0   FHCRC: (2)
 *              raw deflate
 *              CRC-32 (4)  ISIZE (4): of the inflated bytes, little-endian
 *
 * zlib knows the format, too, but takes whatever follows a member for the next one, and its failure there costs what the
 * same call had inflated before.
 *
 * @throws InflateFailure after all that could be inflated has been given out.
 */
export async function* inflateGzip(
  source: ByteSource,
  { signal, onTrailing }: GzipOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  const input = new Input(readPieces(source, 0, source.byteLength, { signal, transient: true }));
  try {
    yield* inflateMembers(source, input, { signal, onTrailing });
  } finally {
    await input.close();
  }
}

async function* inflateMembers(
  source: ByteSource,
  input: Input,
  { signal, onTrailing }: GzipOptions,
): AsyncGenerator<Uint8Array, void, void> {
  let wrongSum: InflateFailure | undefined;
  let chunkSize = OUTPUT_CHUNK;
  for (let header: Header = await firstHeader(input); header === 'member'; header = await readHeader(input)) {
    const sum = { given: 0, crc: 0 };
    for await (const chunk of salvagedMember(source, input, chunkSize, signal)) {
      sum.given += chunk.byteLength;
      sum.crc = crc32(chunk, sum.crc);
      yield chunk;
    }
    if (!(await input.has(TRAILER))) throw new InflateFailure('cut', 'unexpected end of file');
    if (!agrees(input.take(TRAILER), sum))
      wrongSum ??= new InflateFailure('checksum', 'incorrect data check');
    chunkSize = sum.given < SMALL_CHUNK ? SMALL_CHUNK : OUTPUT_CHUNK;
  }
  if (!(await isPadding(input))) onTrailing?.(input.position);
  if (wrongSum !== undefined) throw wrongSum;
}

async function firstHeader(input: Input): Promise<'member'> {
  const header = await readHeader(input);
  if (header === 'member') return header;
  throw new InflateFailure(header === 'cut' ? 'cut' : 'broken', 'incorrect header');
}

/** A member's bytes, and where they are broken also those that zlib drops. */
async function* salvagedMember(
  source: ByteSource,
  input: Input,
  chunkSize: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const start = input.position;
  let given = 0;
  try {
    for await (const chunk of inflateMember(input, chunkSize)) {
      given += chunk.byteLength;
      yield chunk;
    }
    return;
  } catch (error) {
    requireSalvageable(error);
  }
  const range = { start, length: source.byteLength - start, consumed: input.position - start, given };
  yield* salvage(source, range, signal);
}

async function* inflateMember(input: Input, chunkSize: number): AsyncGenerator<Uint8Array, void, void> {
  const inflater = openInflater(chunkSize);
  let before = 0;
  try {
    while (await input.has(1)) {
      yield* inflater.feed(input.bytes);
      input.take(inflater.consumed - before);
      before = inflater.consumed;
      if (inflater.ended) return;
    }
    yield* inflater.finish();
  } finally {
    inflater.close();
  }
}

type Header = 'member' | 'other' | 'cut' | 'end';

/** Goes behind a member's header; stays where there is none. */
async function readHeader(input: Input): Promise<Header> {
  if (!(await input.has(1))) return 'end';
  for (let wanted = 10; wanted <= LONGEST_HEADER; wanted = input.bytes.byteLength + 1) {
    const isThere = await input.has(wanted);
    const [id1, id2, method] = input.bytes;
    if (id1 !== 0x1f || (id2 ?? 0x8b) !== 0x8b || (method ?? 8) !== 8) return 'other';
    const length = headerLength(input.bytes);
    if (length !== undefined) {
      input.take(length);
      return 'member';
    }
    if (!isThere) return 'cut';
  }
  return 'other';
}

/** Undefined where `bytes` end before it does. */
function headerLength(bytes: Uint8Array): number | undefined {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 0x04) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [0x08, 0x10]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if ((flags & 0x02) !== 0) at += 2;
  return at <= bytes.byteLength ? at : undefined;
}

function agrees(trailer: Uint8Array, { given, crc }: { given: number; crc: number }): boolean {
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER);
  return view.getUint32(0, true) === crc && view.getUint32(4, true) === given % 2 ** 32;
}

async function isPadding(input: Input): Promise<boolean> {
  for (let seen = 0; seen < LONGEST_PADDING && (await input.has(1)); ) {
    if (input.bytes.some((byte) => byte !== 0)) return false;
    seen += input.bytes.byteLength;
    input.take(input.bytes.byteLength);
  }
  return true;
}

/** Bytes that come in pieces and are taken as far as they are needed. */
class Input {
  /** Those that have come and are not taken, good until more are asked for. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Of the first of them. */
  position = 0;
  readonly #pieces: AsyncGenerator<Uint8Array, void, void>;

  constructor(pieces: AsyncGenerator<Uint8Array, void, void>) {
    this.#pieces = pieces;
  }

  /** Waits until so many bytes are there; false where the input ends before. */
  async has(count: number): Promise<boolean> {
    while (this.bytes.byteLength < count) {
      // A copy: slice() of a Buffer is a view of it.
      const kept = Buffer.from(this.bytes);
      const next = await this.#pieces.next();
      if (next.done === true) {
        this.bytes = kept;
        return false;
      }
      this.bytes = kept.byteLength === 0 ? next.value : Buffer.concat([kept, next.value]);
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#pieces.return();
  }

  take(count: number): Uint8Array {
    const taken = this.bytes.subarray(0, count);
    this.bytes = this.bytes.subarray(count);
    this.position += count;
    return taken;
  }
}
