import type { Mirror } from '../mirror/mirror.ts';
import type { ByteRange } from '../mirror/range-set.ts';
import { BadAnswer, Changed } from './answer.ts';

/** So much is gathered before it is written: pieces of a TLS connection are 16 KiB, and each write costs the same. */
const WRITTEN_AT_ONCE = 256 * 1024;

/**
 * Writes the bytes of a range into a mirror, also those that came before a failure. Bytes that are there already are not
 * written again but compared: a download that had to begin anew must be of the same object.
 *
 * @param range up to Infinity where nobody knows how many come
 * @param onWritten is told how many bytes are new
 * @returns the position behind the last one
 * @throws {Changed} @throws {BadAnswer} when more or fewer come
 */
export async function writeRange(
  pieces: AsyncIterable<Uint8Array>,
  mirror: Mirror,
  range: ByteRange,
  onWritten: (fresh: number) => void,
): Promise<number> {
  let at = range.from;
  let gathered: Uint8Array[] = [];
  let end = at;
  const flush = async () => {
    const written = { from: at, to: end };
    const bytes = gathered;
    gathered = [];
    at = end;
    onWritten(await place(bytes, mirror, written));
  };
  try {
    for await (const piece of pieces) {
      if (end + piece.byteLength > range.to) throw new BadAnswer('more bytes came than it said');
      gathered.push(piece);
      end += piece.byteLength;
      if (end - at >= WRITTEN_AT_ONCE) await flush();
    }
  } finally {
    if (end > at) await flush();
  }
  if (end < range.to && range.to !== Number.POSITIVE_INFINITY) {
    throw new BadAnswer('fewer bytes came than it said');
  }
  return end;
}

async function place(pieces: Uint8Array[], mirror: Mirror, range: ByteRange): Promise<number> {
  const gaps = [...mirror.present.gaps(range)];
  if (gaps[0]?.from === range.from && gaps[0].to === range.to) return await mirror.write(pieces, range);
  const bytes = Buffer.concat(pieces);
  const slice = ({ from, to }: ByteRange) => bytes.subarray(from - range.from, to - range.from);
  let known = range.from;
  let fresh = 0;
  for (const gap of [...gaps, { from: range.to, to: range.to }]) {
    const there = Buffer.allocUnsafe(gap.from - known);
    await mirror.read(there, known);
    if (!there.equals(slice({ from: known, to: gap.from }))) throw new Changed('its bytes are other ones');
    if (gap.from < gap.to) fresh += await mirror.write([slice(gap)], gap);
    known = gap.to;
  }
  return fresh;
}
