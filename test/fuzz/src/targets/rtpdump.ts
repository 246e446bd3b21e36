import { RtpdumpError, RtpdumpReader, type RtpdumpRecord } from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { bucket, type Target } from '../engine/target.ts';
import { dumpFraming, dumpHeaderLength, findRecords } from '../formats/dump-records.ts';

interface Reading {
  readonly reader: RtpdumpReader;
  readonly records: readonly RtpdumpRecord[];
  readonly error: RtpdumpError | undefined;
}

/** Read whole and in pieces, it must be the same, and what the file's own lengths say. */
export const rtpdumpTarget: Target = {
  name: 'rtpdump',
  framing: dumpFraming,
  words: [Buffer.from('#!rtpplay1.0 '), Uint8Array.of(0, 8, 0, 0, 0, 0, 0, 0), Uint8Array.of(0xff, 0xff)],
  run(bytes, observation) {
    const whole = readIn(bytes, bytes.length);
    checkAgainstFile(bytes, whole);
    checkEnding(bytes, whole);
    // A piece length that hangs on the input: mutation finds the one at which something is cut badly.
    const pieces = readIn(bytes, 1 + ((bytes.at(-1) ?? 0) % 64));
    checkSame(whole, pieces);
    const { reader, records } = whole;
    observation.output(records.length);
    observation.feature('records', bucket(reader.rtpRecords) * 32 + bucket(reader.rtcpRecords));
    observation.feature(`ending ${reader.ending} ${whole.error?.code}`, bucket(reader.truncatedRecords));
    observation.feature('rest', bucket(reader.truncatedBytes));
    observation.feature('broken', bucket(reader.brokenAt ?? 0));
    observation.feature('refused', bucket(whole.error?.offset ?? -1));
  },
};

function readIn(bytes: Uint8Array, size: number): Reading {
  const reader = new RtpdumpReader();
  const records: RtpdumpRecord[] = [];
  try {
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(bytes.subarray(at, at + size));
      for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record);
    }
    reader.end();
    return { reader, records, error: undefined };
  } catch (error) {
    if (!(error instanceof RtpdumpError)) throw error;
    reader.end();
    return { reader, records, error };
  }
}

function checkAgainstFile(bytes: Uint8Array, { reader, records, error }: Reading): void {
  const header = dumpHeaderLength(bytes);
  check(
    (header !== undefined) === (reader.header !== undefined),
    'a header where there is none, or none where one is',
  );
  if (error !== undefined) checkError(bytes, error);
  if (header === undefined) {
    check(records.length === 0, 'records without a header');
    return;
  }
  const expected = findRecords(bytes, header);
  check(records.length === expected.length, () => `${records.length} records of ${expected.length}`);
  for (const [index, record] of records.entries()) {
    const { at, length, plen, offsetMs } = expected[index] ?? { at: -1, length: 0, plen: 0, offsetMs: 0 };
    check(record.position === at && record.offsetMs === offsetMs, 'a record of another place or time');
    check(record.kind === (plen === 0 ? 'rtcp' : 'rtp'), 'RTP taken for RTCP, or the other way');
    check(record.truncated === plen > length - 8, 'truncated or not: told wrongly');
    const size = plen === 0 ? length - 8 : Math.min(plen, length - 8);
    check(record.bytes.length === size, () => `${record.bytes.length} bytes of a packet of ${size}`);
    check(record.bytes.buffer === bytes.buffer, 'a copy');
    check(record.bytes.byteOffset === bytes.byteOffset + at + 8, 'bytes of another place');
  }
}

function checkError(bytes: Uint8Array, error: RtpdumpError): void {
  check(error.offset < bytes.length, 'an error behind the end of the file');
  check(/^[\x20-\x7e]*$/.test(error.message), 'an error message that cannot be printed');
  check(error.found.length <= 4 * 32, 'an error that quotes too much');
}

function checkEnding(bytes: Uint8Array, { reader, error }: Reading): void {
  const { bytesPushed, bytesConsumed, truncatedBytes, brokenAt, rtpRecords, rtcpRecords } = reader;
  check(bytesPushed === bytes.length, 'bytes pushed and not counted');
  check(bytesConsumed <= bytesPushed, 'more consumed than pushed');
  if (brokenAt !== undefined) {
    check(brokenAt === bytesConsumed, 'broken at another place than where records end');
    check((((bytes[brokenAt] ?? 0) << 8) | (bytes[brokenAt + 1] ?? 0)) < 8, 'broken at a length that can be');
  } else if (error === undefined) {
    check(bytesConsumed + truncatedBytes === bytesPushed, 'bytes that are neither read nor told as cut off');
  }
  const records = rtpRecords + rtcpRecords;
  check(
    (reader.ending === 'records') === records > 0,
    () => `ending ${reader.ending} with ${records} records`,
  );
  check((reader.ending === 'empty') === (bytes.length === 0), 'empty or not: told wrongly');
}

function checkSame(whole: Reading, pieces: Reading): void {
  check(whole.records.length === pieces.records.length, 'another number of records when read in pieces');
  for (const [index, one] of whole.records.entries()) {
    const other = pieces.records[index] as RtpdumpRecord;
    const same =
      one.position === other.position && one.offsetMs === other.offsetMs && one.kind === other.kind;
    check(same && one.truncated === other.truncated, 'another record when read in pieces');
    check(Buffer.compare(one.bytes, other.bytes) === 0, 'other bytes when read in pieces');
  }
  check(whole.error?.offset === pieces.error?.offset, 'another error when read in pieces');
  check(whole.reader.brokenAt === pieces.reader.brokenAt, 'broken at another place when read in pieces');
  if (whole.error === undefined)
    check(whole.reader.ending === pieces.reader.ending, 'another ending in pieces');
}
