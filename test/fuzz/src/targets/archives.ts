import {
  ArchiveError,
  type EntryLocation,
  memorySource,
  type OpenedRecording,
  openEntry,
  openRecording,
} from '@rawreel/archive';
import { writeZip } from '@rawreel/fixtures';
import { bucket, must, type Target } from '../target.ts';

/** Small, so that bombs end soon. */
const LIMITS = { maxEntrySize: 1_000_000, maxEntries: 300 };
const BLOCK = 512;
// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

async function open(input: Uint8Array): Promise<string> {
  let recording: OpenedRecording;
  try {
    recording = await openRecording(memorySource(input), { limits: LIMITS });
  } catch (error) {
    return checkedError(error);
  }
  try {
    const codes = new Set(
      recording.problems.map(({ code, severity, message }) => {
        must(
          message !== '' && !CONTROL.test(message),
          `a message is one printable line: ${JSON.stringify(message)}`,
        );
        return `${code}/${severity}`;
      }),
    );
    let segments = 0;
    for (const track of recording.tracks) {
      must(track.segments.length > 0, 'a track has a segment');
      for (const { dump } of track.segments) {
        segments++;
        if (dump === undefined) continue;
        checkLocation(dump, input);
        codes.add(await drain(dump, input));
      }
    }
    const { kind } = recording.container;
    return `${kind} ${bucket(recording.sessions.length)} ${bucket(recording.tracks.length)} ${bucket(segments)} ${recording.zeroUnixMs !== undefined} ${[...codes].sort().join(' ')}`;
  } finally {
    await recording.close();
  }
}

function checkedError(error: unknown): string {
  if (!(error instanceof ArchiveError)) throw error;
  must(/^ERR_[A-Z_]+$/.test(error.code), 'an error has a code');
  must(!CONTROL.test(error.message), `a message is one printable line: ${JSON.stringify(error.message)}`);
  must(!CONTROL.test(error.hint.replaceAll('\n', '')), 'a hint is printable');
  return error.code;
}

function checkLocation(location: EntryLocation, input: Uint8Array): void {
  must(location.container !== 'file', 'an archive in memory leads to no file');
  const { offset, size } = location;
  must(Number.isSafeInteger(offset) && Number.isSafeInteger(size), 'offset and size are whole numbers');
  must(offset >= 0 && size >= 0 && size <= LIMITS.maxEntrySize, 'an entry keeps to the limits');
  // Inflated bytes have no place in the file.
  if (location.container !== 'tar.gz') must(offset <= input.length, 'an entry starts inside the file');
}

async function drain(location: EntryLocation, input: Uint8Array): Promise<string> {
  let size = 0;
  try {
    for await (const chunk of openEntry(location, { source: memorySource(input), ...LIMITS })) {
      must(chunk.length > 0, 'chunks are not empty');
      size += chunk.length;
      must(size <= location.size + 1024 * 1024, 'reading ends soon behind the declared size');
    }
  } catch (error) {
    return checkedError(error);
  }
  must(size === location.size, 'an entry read without an error has its size');
  return `read/${bucket(size)}`;
}

/** Checksums of headers: the sum of their bytes, with the field itself as blanks. */
function repairTar(input: Uint8Array): void {
  for (let at = 0; at + BLOCK <= input.length; at += BLOCK) {
    const block = input.subarray(at, at + BLOCK);
    if (String.fromCharCode(...block.subarray(257, 262)) !== 'ustar') continue;
    block.fill(0x20, 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  }
}

const opened = (signature: string): boolean => /^(zip|tar|tar\.gz|folder) [1-9]/.test(signature);

const SDP = Buffer.from('m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n');
const DUMP = Buffer.from('#!rtpplay1.0 0.0.0.0/0\n');
const BESIDE = ['audio_1', 'audio_2', 'video_1', 'video_2'].flatMap((base) => [
  { name: `call/user_1/session_1/${base}.rtpdump`, data: DUMP, method: 'stored' as const },
  { name: `call/user_1/session_1/${base}.sdp`, data: SDP, method: 'stored' as const },
]);

export const archiveTargets: readonly Target[] = [
  { name: 'zip', maxLength: 32 * 1024, useful: opened, run: open },
  { name: 'tar', maxLength: 32 * 1024, useful: opened, run: open, repair: repairTar },
  {
    name: 'metadata',
    maxLength: 16 * 1024,
    useful: opened,
    run: (input) =>
      open(
        writeZip([
          ...BESIDE,
          { name: 'call/user_1/session_1/timing_metadata.json', data: input, method: 'stored' },
        ]),
      ),
  },
];
