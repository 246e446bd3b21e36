import type { ByteSource } from '../../source/byte-source.ts';

const END_RECORD = 22;
const LOCATOR = 20;
const END_RECORD_64 = 56;
const LONGEST_COMMENT = 0xffff;
/** Each costs a read: an archive's comment could hold thousands of them. */
const MOST_CANDIDATES = 16;

export interface ZipDirectory {
  /** Of the first central directory header, counted from the source's start. */
  readonly offset: number;
  readonly entryCount: number;
  /** Bytes before the archive proper; every offset in the archive counts from behind them. */
  readonly junk: number;
}

/**
 * Finds the central directory by the record at the archive's end.
 *
 *      end of central directory record                           APPNOTE 6.3.10 §4.3.16
 *   0  signature 'P' 'K' 05 06
 *   4  this disk (2)                    6  disk of the directory (2)
 *   8  entries on this disk (2)        10  entries (2)
 *  12  size of the directory (4)
 *  16  offset of the directory (4)
 *  20  comment length n (2)            22  comment (n)
 *
 *      ZIP64 end of central directory locator, directly before it             §4.3.15
 *   0  signature 'P' 'K' 06 07          4  disk (4)
 *   8  offset of the ZIP64 record (8)  16  disks (4)
 *
 *      ZIP64 end of central directory record                                  §4.3.14
 *   0  signature 'P' 'K' 06 06          4  size of the rest (8)
 *  12  version made by (2)             14  version needed (2)
 *  16  this disk (4)                   20  disk of the directory (4)
 *  24  entries on this disk (8)        32  entries (8)
 *  40  size of the directory (8)       48  offset of the directory (8)
 *
 * yauzl finds it too, but insists on an archive that begins at byte 0 and ends with the record: a self-extractor's
 * stub before it or a newline behind it would lose the recording.
 *
 * @returns undefined where no record points at a directory.
 */
export async function findZipDirectory(source: ByteSource): Promise<ZipDirectory | undefined> {
  const tailLength = Math.min(source.byteLength, LONGEST_COMMENT + END_RECORD + LOCATOR);
  const tailStart = source.byteLength - tailLength;
  const tail = await source.read(tailStart, tailLength);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let candidates = 0;
  for (let at = tail.byteLength - END_RECORD; at >= 0 && candidates < MOST_CANDIDATES; at -= 1) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + END_RECORD + view.getUint16(at + 20, true) > tail.byteLength) continue;
    candidates += 1;
    const directory =
      (await zip64Directory(source, view, at, tailStart)) ??
      (await plainDirectory(source, view, at, tailStart));
    if (directory !== undefined) return directory;
  }
  return undefined;
}

async function plainDirectory(
  source: ByteSource,
  view: DataView,
  at: number,
  tailStart: number,
): Promise<ZipDirectory | undefined> {
  const entryCount = view.getUint16(at + 10, true);
  const size = view.getUint32(at + 12, true);
  const offset = view.getUint32(at + 16, true);
  const end = tailStart + at;
  if (entryCount === 0)
    return size === 0 && offset <= end ? { offset: end, entryCount: 0, junk: 0 } : undefined;
  return locate(source, { offset, size, entryCount, end });
}

async function zip64Directory(
  source: ByteSource,
  view: DataView,
  at: number,
  tailStart: number,
): Promise<ZipDirectory | undefined> {
  const locator = at - LOCATOR;
  if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return undefined;
  const stated = Number(view.getBigUint64(locator + 8, true));
  const locatorAt = tailStart + locator;
  for (const position of [stated, locatorAt - END_RECORD_64]) {
    if (position < 0 || position > locatorAt - END_RECORD_64) continue;
    const bytes = await source.read(position, END_RECORD_64);
    if (bytes.byteLength < END_RECORD_64) continue;
    const record = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (record.getUint32(0, true) !== 0x06064b50) continue;
    const entryCount = Number(record.getBigUint64(32, true));
    const size = Number(record.getBigUint64(40, true));
    const offset = Number(record.getBigUint64(48, true));
    if (entryCount === 0) return { offset: position, entryCount: 0, junk: 0 };
    const directory = await locate(source, { offset, size, entryCount, end: position });
    if (directory !== undefined) return directory;
  }
  return undefined;
}

/** The directory where the record says, or as far behind as there is junk before the archive. */
async function locate(
  source: ByteSource,
  record: { offset: number; size: number; entryCount: number; end: number },
): Promise<ZipDirectory | undefined> {
  for (const offset of [record.offset, record.end - record.size]) {
    const junk = offset - record.offset;
    if (offset < 0 || junk < 0 || offset > record.end) continue;
    const signature = await source.read(offset, 4);
    if (Buffer.from(signature).toString('latin1') === 'PK\x01\x02') {
      return { offset, entryCount: record.entryCount, junk };
    }
  }
  return undefined;
}
