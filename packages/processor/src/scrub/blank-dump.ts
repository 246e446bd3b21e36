import type { Codec, SessionDescription } from '@rawreel/rtp';
import { type BlankedRecords, PlainRecords } from './blanked-records.ts';
import { ScrubbedFec } from './scrubbed-fec.ts';

const RECORD_HEADER = 8;
const FILE_HEADER = 16;

/** The first line of an rtpdump is shorter, and so is a header that is none. */
const LONGEST_LINE = 256;

/**
 * The bytes of a dump with the same records, sizes and times, and nothing in them to be seen or heard. What is no rtpdump, and
 * what follows a record that is none, becomes zeros.
 */
export async function* blankDump(
  chunks: AsyncIterable<Uint8Array>,
  codec: Codec,
  description: SessionDescription | undefined,
): AsyncGenerator<Uint8Array> {
  const records: BlankedRecords = ScrubbedFec.isIn(description)
    ? new ScrubbedFec(codec, description)
    : new PlainRecords(codec, description);
  let state: 'header' | 'records' | 'broken' = 'header';
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    waiting = Buffer.concat([waiting, chunk]);
    if (state === 'header') {
      const end = waiting.indexOf(0x0a) + 1 + FILE_HEADER;
      if (end > FILE_HEADER && end <= waiting.length) {
        yield blankHeader(waiting.subarray(0, end));
        waiting = waiting.subarray(end);
        state = 'records';
      } else if (waiting.length > LONGEST_LINE) state = 'broken';
    }
    let at = 0;
    while (state === 'records' && at + RECORD_HEADER <= waiting.length) {
      const length = waiting.readUInt16BE(at);
      if (length < RECORD_HEADER) state = 'broken';
      else if (at + length > waiting.length) break;
      else {
        const record = waiting.subarray(at, at + length);
        records.push(record, packetOf(record));
        at += length;
      }
    }
    if (at > 0) yield records.take();
    waiting = Buffer.from(waiting.subarray(at));
    if (state === 'broken') {
      yield records.flush();
      yield blankRest(waiting);
      waiting = Buffer.alloc(0);
    }
  }
  yield records.flush();
  if (waiting.length > 0) yield blankRest(waiting);
}

/** Addresses and ports go, the start stays. */
function blankHeader(bytes: Buffer): Buffer {
  const line = bytes.length - FILE_HEADER;
  for (let at = bytes.indexOf(0x20) + 1; at < line; at++)
    if ((bytes[at] ?? 0) > 0x30 && (bytes[at] ?? 0) <= 0x39) bytes[at] = 0x30;
  bytes.fill(0, line + 8);
  return bytes;
}

/** Without what lies behind the packet, which is overwritten. */
function packetOf(record: Buffer): Buffer {
  const plen = record.readUInt16BE(2);
  const end = plen === 0 ? record.length : Math.min(record.length, RECORD_HEADER + plen);
  record.fill(0, end);
  return record.subarray(RECORD_HEADER, end);
}

/** The beginning of a record that does not go on keeps its lengths and its packet's header. */
const blankRest = (bytes: Buffer): Buffer => bytes.fill(0, Math.min(bytes.length, RECORD_HEADER + 12));
