import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import {
  ArchiveError,
  type ByteSource,
  type EntryLocation,
  memorySource,
  type OpenedRecording,
  openEntry,
  openRecording,
} from '@rawreel/archive';
import { check } from '../engine/check.ts';
import { bucket, type Observation, type Target } from '../engine/target.ts';
import { fileListFraming, readFileList } from '../formats/file-list.ts';
import { readTarCase, tarFraming } from '../formats/tar-case.ts';
import { localDataStart, writeStoredZip, zipFraming } from '../formats/zip-file.ts';
import { checkLocation, checkOpenError, checkRecording } from '../oracles/recording.ts';

/** Small, so that what grows with them shows at once. */
const LIMITS = { maxEntrySize: 256 * 1024, maxEntries: 64 };
/** The largest single read that the reader has a reason for: a piece of an entry. */
const LONGEST_READ = 4 * 1024 * 1024;

const NAMES = [
  'timing_metadata.json',
  'u/s/a_timing_metadata.json',
  'audio_1.rtpdump',
  'video_1.sdp',
  '../',
  '/etc/passwd',
  'C:\\',
  '\0',
].map((name) => Buffer.from(name));

const FIELDS = [
  '"participant_id":"alice"',
  '"user_session_id":"s1"',
  '"segments":{"audio":[],"video":null}',
  '"base_filename":"audio_1"',
  '"base_filename":"../audio_1"',
  '"track_type":"TRACK_TYPE_SCREEN_SHARE"',
  '"codec":"video/VP9"',
  '"first_rtp_unix_timestamp":1795168800000',
  '"last_rtp_unix_timestamp":1e400',
  '"max_frame_dimension":{"width":1,"height":1}',
  'NaN',
  'null',
  '\\u0000',
  '\u202e',
].map((field) => Buffer.from(field));

export const zipTarget: Target = {
  name: 'zip',
  maxLength: 32 * 1024,
  framing: zipFraming,
  words: [
    ...NAMES,
    Buffer.from('PK\x01\x02'),
    Buffer.from('PK\x03\x04'),
    Buffer.from('PK\x05\x06'),
    ...FIELDS,
  ],
  run: (bytes, observation) =>
    readArchive(bytes, observation, {
      contentOf: (location) => zipContent(bytes, location),
    }),
};

export const tarTarget: Target = {
  name: 'tar',
  maxLength: 48 * 1024,
  framing: tarFraming,
  words: [...NAMES, Buffer.from('ustar\0'), Buffer.from('ustar  \0'), Buffer.from('00000000000'), ...FIELDS],
  run: async (input, observation) => {
    const { bytes, tar, spool } = readTarCase(input);
    const contentOf = (location: EntryLocation): Uint8Array | undefined => {
      if (tar === undefined || location.container === 'file' || location.container === 'zip')
        return undefined;
      return tar.subarray(location.offset, location.offset + location.size);
    };
    if (!spool) {
      await readArchive(bytes, observation, { contentOf });
      return;
    }
    const spoolFolder = await mkdtemp(join(tmpdir(), 'rawreel-fuzz-'));
    await readArchive(bytes, observation, { contentOf, spoolFolder });
    // Not emptied before: what the recording leaves behind makes this fail.
    await rmdir(spoolFolder);
  },
};

export const metadataTarget: Target = {
  name: 'metadata',
  framing: fileListFraming,
  words: [...NAMES, ...FIELDS],
  run: (bytes, observation) => {
    const zip = writeStoredZip(readFileList(bytes));
    return readArchive(zip, observation, { contentOf: (location) => zipContent(zip, location) });
  },
};

interface Expectation {
  /** An entry's bytes by other means; undefined where they cannot be had. */
  readonly contentOf: (location: EntryLocation) => Uint8Array | undefined;
  readonly spoolFolder?: string;
}

async function readArchive(
  bytes: Uint8Array,
  observation: Observation,
  expectation: Expectation,
): Promise<void> {
  const { source, state } = watchedSource(bytes);
  const { spoolFolder } = expectation;
  let recording: OpenedRecording;
  try {
    recording = await openRecording(source, {
      limits: LIMITS,
      ...(spoolFolder === undefined ? {} : { spoolFolder }),
    });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    checkOpenError(error);
    check(state.closed, 'a source left open by an archive that could not be opened');
    observation.feature(error.code);
    return;
  }
  checkRecording(recording);
  await readDumps(recording, bytes, observation, expectation);
  note(recording, observation);
  await recording.close();
  check(state.closed, 'a source left open by a recording that was closed');
  await recording.close();
}

/** A source that says so when it is asked for what no reader should ask. */
function watchedSource(bytes: Uint8Array): { source: ByteSource; state: { closed: boolean } } {
  const inner = memorySource(bytes, 'fuzzed');
  const state = { closed: false };
  const source: ByteSource = {
    description: inner.description,
    byteLength: inner.byteLength,
    read: (position, length) => {
      check(!state.closed, 'a read from a closed source');
      check(Number.isSafeInteger(position) && position >= 0, () => `a read at ${position}`);
      check(
        Number.isSafeInteger(length) && length >= 0 && length <= LONGEST_READ,
        () => `a read of ${length} bytes`,
      );
      return inner.read(position, length);
    },
    close: () => {
      state.closed = true;
      return inner.close();
    },
  };
  return { source, state };
}

async function readDumps(
  recording: OpenedRecording,
  bytes: Uint8Array,
  observation: Observation,
  { contentOf, spoolFolder }: Expectation,
): Promise<void> {
  const dumps = recording.tracks.flatMap(({ segments }) => segments.flatMap(({ dump }) => dump ?? []));
  for (const dump of dumps) {
    checkLocation(dump, bytes.length);
    if (dump.container === 'file') {
      check(
        spoolFolder !== undefined && dump.path.startsWith(spoolFolder + sep),
        'a file outside the spool folder',
      );
    }
    const reading = await readEntry(dump, bytes);
    check(reading.bytes.length <= dump.size, 'more bytes than the entry has');
    if (reading.code === '')
      check(reading.bytes.length === dump.size, 'an entry that is not whole, without an error');
    const expected = contentOf(dump);
    if (expected !== undefined) {
      const part = expected.subarray(0, reading.bytes.length);
      check(Buffer.compare(reading.bytes, part) === 0, 'an entry with other bytes than the archive has');
    }
    observation.feature(`dump ${dump.container} ${reading.code}`, bucket(reading.bytes.length));
    if (reading.code === '') observation.output(1);
  }
}

async function readEntry(
  location: EntryLocation,
  archive: Uint8Array,
): Promise<{ bytes: Uint8Array; code: string }> {
  const chunks: Uint8Array[] = [];
  try {
    const source = memorySource(archive, 'fuzzed');
    for await (const chunk of openEntry(location, { source, maxEntrySize: LIMITS.maxEntrySize }))
      chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), code: '' };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const known = error.code === 'ERR_ENTRY_DAMAGED' || error.code === 'ERR_ENTRY_TOO_LARGE';
    check(known, () => `an entry ends with ${error.code}`);
    return { bytes: Buffer.concat(chunks), code: error.code };
  }
}

/** Through the local header and Node's own inflater. */
function zipContent(bytes: Uint8Array, location: EntryLocation): Uint8Array | undefined {
  if (location.container !== 'zip') return undefined;
  const local = bytes.subarray(location.offset);
  const start = localDataStart(local);
  if (start === undefined) return undefined;
  const data = local.subarray(start, start + location.compressedSize);
  if (location.compression === 'stored') return data;
  try {
    return inflateRawSync(data, { maxOutputLength: LIMITS.maxEntrySize });
  } catch {
    return undefined;
  }
}

function note({ tracks, sessions, problems, container }: OpenedRecording, observation: Observation): void {
  const segments = tracks.reduce((sum, track) => sum + track.segments.length, 0);
  const shape = (bucket(sessions.length) * 32 + bucket(tracks.length)) * 32 + bucket(segments);
  observation.feature(`recording ${container.kind}`, shape);
  const counts = new Map<string, number>();
  for (const { code, severity } of problems)
    counts.set(`${code} ${severity}`, (counts.get(`${code} ${severity}`) ?? 0) + 1);
  for (const [kind, count] of counts) observation.feature(kind, bucket(count));
  observation.feature([...counts.keys()].sort().join());
  for (const {
    codec,
    kind,
    screenshare,
    segments: [first],
  } of tracks) {
    observation.feature(`track ${codec.length < 12 ? codec : '…'} ${kind}`, Number(screenshare));
    observation.feature(
      'timing',
      Object.keys(first?.timing ?? {}).reduce((hash, key) => hash * 31 + key.length, 7) | 0,
    );
  }
}
