import { MatroskaError } from '../matroska-error.ts';
import type { MatroskaChapter, MatroskaOptions } from '../matroska-options.ts';
import type { TrackEntry } from '../track-entry.ts';

/** More than 127 tracks are "not encouraged" (RFC 9559 §5.1.4.1.1), and no call has them. */
const MAX_TRACKS = 127;

/** DateUTC is a signed 64 bit count of nanoseconds around 2001: 292 years either way. */
const MAX_DATE_DISTANCE_MS = 2 ** 63 / 1e6 - 1;

/** Its nanoseconds are still whole numbers then: 104 days. */
const MAX_CHAPTER_MS = Math.floor(Number.MAX_SAFE_INTEGER / 1e6);

const WEBM_CODECS: ReadonlySet<TrackEntry['codecId']> = new Set(['A_OPUS', 'V_VP8', 'V_VP9', 'V_AV1']);
const NEED_PRIVATE: ReadonlySet<TrackEntry['codecId']> = new Set(['A_OPUS', 'V_MPEG4/ISO/AVC', 'V_AV1']);

/** @throws MatroskaError `option-invalid`, `codec-not-in-webm`, `codec-private-missing` */
export function checkOptions(options: MatroskaOptions): void {
  const { docType, tracks, startsAtMs, chapters = [], tags } = options;
  demand(docType === 'matroska' || docType === 'webm', `docType is ${docType}, not matroska or webm`);
  demand(tracks.length > 0, 'there are no tracks');
  demand(tracks.length <= MAX_TRACKS, `there are ${tracks.length} tracks, more than ${MAX_TRACKS}`);
  if (startsAtMs !== undefined) checkDate(startsAtMs);
  for (const [index, chapter] of chapters.entries()) checkChapter(chapter, chapters[index - 1]);
  checkTags('the segment', tags);
  for (const [index, track] of tracks.entries()) checkTrack(index + 1, track, docType);
}

function checkDate(startsAtMs: number): void {
  const distance = Math.abs(startsAtMs - Date.UTC(2001, 0, 1));
  demand(distance < MAX_DATE_DISTANCE_MS, `startsAtMs is ${startsAtMs}, not a time DateUTC can hold`);
}

function checkChapter({ startMs, title }: MatroskaChapter, before: MatroskaChapter | undefined): void {
  demand(
    Number.isInteger(startMs) && startMs > (before?.startMs ?? -1) && startMs <= MAX_CHAPTER_MS,
    `the chapter ${title} begins at ${startMs} ms, not at whole milliseconds behind the chapter before`,
  );
}

function checkTrack(number: number, track: TrackEntry, docType: MatroskaOptions['docType']): void {
  const { codecId } = track;
  if (docType === 'webm' && !WEBM_CODECS.has(codecId)) {
    throw new MatroskaError(
      'codec-not-in-webm',
      `track ${number} is ${codecId}, which WebM cannot hold: write it with docType matroska`,
    );
  }
  if (NEED_PRIVATE.has(codecId) && !track.codecPrivate?.length) {
    throw new MatroskaError('codec-private-missing', `track ${number} is ${codecId} and has no codecPrivate`);
  }
  const { language = 'und' } = track;
  demand(/^[a-z]{3}$/.test(language), `track ${number} is in ${language}, not three letters of ISO 639-2`);
  checkTags(`track ${number}`, track.tags);
  if (track.kind === 'audio') {
    demand(isCount(track.channels), `track ${number} has ${track.channels} channels`);
    const rate = track.samplingFrequency;
    demand(rate > 0 && Number.isFinite(rate), `track ${number} has a samplingFrequency of ${rate}`);
    const hasDepth = codecId !== 'A_PCM/INT/LIT' || isCount(track.bitDepth ?? 0);
    demand(hasDepth, `track ${number} is ${codecId} and has a bitDepth of ${track.bitDepth}`);
    return;
  }
  const { pixelWidth, pixelHeight, rotation = 0 } = track;
  demand(
    isCount(pixelWidth) && isCount(pixelHeight),
    `track ${number} is ${pixelWidth}×${pixelHeight} pixels`,
  );
  demand([0, 90, 180, 270].includes(rotation), `track ${number} is turned by ${rotation}°, not by quarters`);
}

function checkTags(of: string, tags: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(tags)) demand(name.length > 0, `a tag of ${of} has no name`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new MatroskaError('option-invalid', message);
}
