import { type FileHandle, open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ByteRange } from './range-set.ts';

/**
 * The file that says which bytes of a mirror are there: a journal, one range per line, each with its checksum.
 *
 * A line without the name of a boot claims that the bytes are on the disk. One with it claims that they were written: a
 * process that dies takes nothing of that along, a machine that stops might, so with the next boot it is no claim any more.
 *
 * Several processes append to it at the same time. A line that a crash tore is no claim, and neither is what stands on
 * the same line after it: that is why a line brings a line break before itself, too.
 */
export class PresenceRecord {
  readonly #handle: FileHandle;
  readonly #boot: string | undefined;
  #readTo = 0;

  private constructor(handle: FileHandle, boot: string | undefined) {
    this.#handle = handle;
    this.#boot = boot;
  }

  static async open(path: string, boot: string | undefined): Promise<PresenceRecord> {
    return new PresenceRecord(await open(path, 'a+', 0o600), boot);
  }

  /** @param boot in which they were written; undefined when they are on the disk */
  async append(ranges: Iterable<ByteRange>, boot: string | undefined): Promise<void> {
    const lines = Array.from(ranges, (range) => toLine(range, boot));
    if (lines.length > 0) await this.#handle.appendFile(`\n${lines.join('')}`);
  }

  /** The ranges of the lines that were added, by whomever, since the last call. */
  async readNew(): Promise<ByteRange[]> {
    const { size } = await this.#handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - this.#readTo));
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.byteLength, this.#readTo);
    const whole = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    this.#readTo += whole;
    return parseLines(bytes.toString('latin1', 0, whole), this.#boot);
  }

  /** Takes back every claim. */
  async clear(): Promise<void> {
    await this.#handle.truncate(0);
    this.#readTo = 0;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** What a record claims; nothing where there is none. */
export async function readRecord(path: string, boot: string | undefined): Promise<ByteRange[]> {
  try {
    return parseLines(await readFile(path, 'latin1'), boot);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function toLine({ from, to }: ByteRange, boot: string | undefined): string {
  const claim = `${from} ${to}${boot === undefined ? '' : ` ${boot}`}`;
  return `${crc32(claim).toString(16).padStart(8, '0')} ${claim}\n`;
}

function parseLines(text: string, boot: string | undefined): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, from, to, writtenIn] = /^[0-9a-f]{8} (\d+) (\d+)(?: (\S+))?$/.exec(line) ?? [];
    const range = { from: Number(from), to: Number(to) };
    const isWhole = from !== undefined && `${line}\n` === toLine(range, writtenIn);
    if (isWhole && (writtenIn === undefined || writtenIn === boot)) ranges.push(range);
  }
  return ranges;
}
