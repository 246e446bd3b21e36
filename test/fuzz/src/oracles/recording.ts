import type {
  ArchiveError,
  ArchiveProblem,
  EntryLocation,
  OpenedRecording,
  Segment,
  Track,
} from '@rawreel/archive';
import { check } from '../engine/check.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CURSOR = /[\u0000-\u001f\u007f-\u009f]/;
const LONGEST_MESSAGE = 4000;
const CODES = new Set([
  'ERR_EMPTY_INPUT',
  'ERR_NOT_AN_ARCHIVE',
  'ERR_ZIP_NO_DIRECTORY',
  'ERR_ZIP_EMPTY',
  'ERR_NO_METADATA',
  'ERR_METADATA_ALL_UNREADABLE',
]);

/** What opening bytes in memory may end with, and how it says so. */
export function checkOpenError(error: ArchiveError): void {
  check(CODES.has(error.code), () => `opening ends with ${error.code}`);
  checkLine(error.message, 'an error');
  for (const line of error.hint.split('\n')) {
    check(!CONTROL.test(line), () => `a hint with control characters: ${JSON.stringify(line)}`);
  }
}

function checkLine(text: string, what: string): void {
  check(
    text !== '' && text.length <= LONGEST_MESSAGE,
    () => `${what} with a message of ${text.length} characters`,
  );
  check(!CONTROL.test(text), () => `${what} with control characters: ${JSON.stringify(text)}`);
}

/** Order, uniqueness, times and names of all that a recording lists. */
export function checkRecording(recording: OpenedRecording): void {
  const { sessions, tracks, problems, zeroUnixMs } = recording;
  checkSorted(sessions, ({ userId, sessionId }) => [userId, sessionId], 'sessions');
  const keys = sessions.map(({ userId, sessionId }) => JSON.stringify([userId, sessionId]));
  check(new Set(keys).size === keys.length, 'a session twice');
  const all = sessions.flatMap((session) => session.tracks);
  check(
    all.length === tracks.length && all.every((track, at) => track === tracks[at]),
    'tracks and sessions differ',
  );
  for (const session of sessions) {
    checkSorted(session.tracks, trackOrder, 'tracks');
    for (const track of session.tracks) {
      const { userId, sessionId } = track;
      check(userId === session.userId && sessionId === session.sessionId, 'a track of another session');
      checkTrack(track, zeroUnixMs);
    }
  }
  for (const track of tracks) check(recording.track(track).track === track, 'a track not found');
  for (const problem of problems) checkProblem(problem);
}

/** Audio, then video, then screen share, then by start; what is missing comes last. */
function trackOrder({ kind, screenshare, startsAtMs, trackId }: Track): readonly (string | number)[] {
  return [kind, Number(screenshare), startsAtMs ?? Number.POSITIVE_INFINITY, trackId];
}

function checkSorted<T>(
  list: readonly T[],
  keyOf: (item: T) => readonly (string | number)[],
  what: string,
): void {
  for (const [at, item] of list.entries()) {
    const before = list[at - 1];
    if (before !== undefined) check(!isLess(keyOf(item), keyOf(before)), `${what} that are not sorted`);
  }
}

function isLess(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  const differing = a.findIndex((value, at) => value !== b[at]);
  return differing >= 0 && (a[differing] as string | number) < (b[differing] as string | number);
}

function checkTrack(track: Track, zeroUnixMs: number | undefined): void {
  const { segments, startsAtMs, endsAtMs, kind, trackType, screenshare } = track;
  check(segments.length > 0, 'a track without segments');
  check(kind === (trackType.endsWith('AUDIO') ? 'audio' : 'video'), 'a kind that is not that of its type');
  check(screenshare === trackType.includes('SCREEN_SHARE'), 'a screen share that is none');
  checkSorted(segments, ({ timing }) => [timing.firstRtpUnixMs ?? Number.POSITIVE_INFINITY], 'segments');
  const starts = segments.flatMap(({ timing }) => timing.firstRtpUnixMs ?? []);
  const ends = segments.flatMap(({ timing }) => timing.lastRtpUnixMs ?? []);
  check(
    startsAtMs === (starts.length === 0 ? undefined : Math.min(...starts)),
    () => `starts at ${startsAtMs}`,
  );
  check(endsAtMs === (ends.length === 0 ? undefined : Math.max(...ends)), () => `ends at ${endsAtMs}`);
  if (startsAtMs !== undefined)
    check((zeroUnixMs ?? Number.POSITIVE_INFINITY) <= startsAtMs, 'starts before zero');
  for (const segment of segments) checkTimes(segment);
}

function checkTimes({ timing }: Segment): void {
  const { firstRtpTimestamp, lastRtpTimestamp, firstReportRtpTimestamp, lastReportRtpTimestamp } = timing;
  for (const ticks of [
    firstRtpTimestamp,
    lastRtpTimestamp,
    firstReportRtpTimestamp,
    lastReportRtpTimestamp,
  ]) {
    check(
      ticks === undefined || (Number.isInteger(ticks) && ticks >= 0 && ticks < 2 ** 32),
      () => `RTP time ${ticks}`,
    );
  }
  checkPair(timing.firstRtpUnixMs, timing.lastRtpUnixMs);
  checkPair(timing.firstReportNtpMs, timing.lastReportNtpMs);
}

function checkPair(first: number | undefined, last: number | undefined): void {
  for (const time of [first, last]) {
    check(time === undefined || (time > 1e12 && time < 5e12), () => `a time that cannot be: ${time}`);
  }
  check(first === undefined || last === undefined || first <= last, 'times that run backwards');
}

function checkProblem({ code, severity, message, entry }: ArchiveProblem): void {
  check(/^[A-Z]+(_[A-Z]+)+$/.test(code), () => `problem ${code}`);
  check(severity === 'damage' || severity === 'notice', () => `severity ${severity}`);
  checkLine(message, `problem ${code}`);
  // A name as the archive has it: only what moves a terminal's cursor makes one unfit.
  check(!CURSOR.test(entry ?? ''), () => `problem ${code}: an entry named ${JSON.stringify(entry)}`);
}

/** A place within the archive, under a name that is safe. */
export function checkLocation(location: EntryLocation, byteLength: number): void {
  const { name, size } = location;
  const parts = name.split('/');
  check(name !== '' && !name.startsWith('/') && !parts.includes('..'), () => `name ${JSON.stringify(name)}`);
  check(!/^[a-zA-Z]:/.test(name) && !name.includes('\\'), () => `name ${JSON.stringify(name)}`);
  check(!CURSOR.test(name), () => `name ${JSON.stringify(name)}`);
  check(Number.isSafeInteger(size) && size >= 0, () => `size ${size}`);
  if (location.container === 'file') return;
  check(Number.isSafeInteger(location.offset) && location.offset >= 0, () => `offset ${location.offset}`);
  if (location.container === 'zip') check(location.offset < byteLength, 'an offset behind the end');
  if (location.container === 'tar') check(location.offset + size <= byteLength, 'an entry beyond the end');
}
