import type { Plan } from '../plan/plan.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { ManifestedInspection, ManifestedScrub, ReportedFile } from './report.ts';

/** One output in the manifest: all that the report says of it, and where it came from. */
export type ManifestFile = (ReportedFile | ManifestedInspection | ManifestedScrub) & {
  readonly source: string;
  readonly call: Plan['call'];
  /** The recording's zero, RFC 3339. */
  readonly recordingStartsAt: string;
  readonly madeBy: string;
  /** What it was made from and how, as a digest: only a run that may be resumed says it. */
  readonly fingerprint?: string;
  /** Of the tracks in it. */
  readonly problems: readonly TrackProblem[];
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasTexts = (value: Fields, names: readonly string[]): boolean =>
  names.every((name) => typeof value[name] === 'string');

const hasNumbers = (value: Fields, names: readonly string[]): boolean =>
  names.every((name) => Number.isFinite(value[name]));

const isListOf = (value: unknown, isOne: (entry: Fields) => boolean): boolean =>
  Array.isArray(value) && value.every((entry: unknown) => isFields(entry) && isOne(entry));

const WHOSE = ['userId', 'sessionId', 'trackId', 'trackType'];

function isTrack(value: Fields): boolean {
  const { gaps, packets, clock, sizes = [] } = value;
  return (
    hasTexts(value, [...WHOSE, 'codec']) &&
    hasNumbers(value, ['frames', 'segments']) &&
    isListOf(gaps, isGap) &&
    isFields(packets) &&
    hasNumbers(packets, ['received', 'lost', 'late', 'duplicate', 'reordered', 'recovered']) &&
    isFields(clock) &&
    isListOf(sizes, (size) => hasNumbers(size, ['width', 'height']))
  );
}

const isGap = (value: Fields): boolean =>
  hasTexts(value, ['reason', 'filledWith']) && hasNumbers(value, ['startMs', 'endMs']);

/** What each kind of file has beside what all have. */
const KINDS: Readonly<Record<ManifestFile['kind'], (value: Fields) => boolean>> = {
  audio: isTrack,
  video: isTrack,
  muxed: ({ tracks }) => isListOf(tracks, (track) => isTrack(track) && hasTexts(track, ['kind'])),
  mix: ({ tracks }) => isListOf(tracks, (track) => hasTexts(track, WHOSE)),
  voice: ({ tracks, userId }) =>
    typeof userId === 'string' && isListOf(tracks, (track) => hasTexts(track, WHOSE)),
  turns: ({ tracks, ...turns }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) && hasNumbers(turns, ['speakers', 'turns']),
  composite: ({ tracks, ...film }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) &&
    hasNumbers(film, ['width', 'height', 'fps', 'pictures', 'scenes', 'chapters']),
  captions: ({ tracks, cues }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) && Number.isFinite(cues),
  chapters: ({ tracks, chapters }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) && Number.isFinite(chapters),
  scenes: ({ tracks, scenes }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) && Number.isFinite(scenes),
  proxy: ({ tracks, ...proxy }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) &&
    hasTexts(proxy, ['userId', 'sessionId', 'trackId']) &&
    hasNumbers(proxy, ['width', 'height', 'fps', 'pictures']),
  stem: ({ tracks, userId, channels }) =>
    typeof userId === 'string' &&
    Number.isFinite(channels) &&
    isListOf(tracks, (track) => hasTexts(track, WHOSE)),
  timeline: ({ tracks, ...timeline }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) && hasNumbers(timeline, ['clips', 'markers']),
  transcript: ({ tracks, ...transcript }) =>
    isListOf(tracks, (track) => hasTexts(track, WHOSE)) && hasNumbers(transcript, ['speakers', 'utterances']),
  inspection: ({ format }) => typeof format === 'string',
  scrubbed: ({ format }) => typeof format === 'string',
};

/** An entry that can be told from others: whatever else it says, it is kept. */
export const isNamed = (value: unknown): value is ManifestFile =>
  isFields(value) && hasTexts(value, ['path']);

/** An entry that says all of what this version says, so that it can be reported again. */
export function isComplete(value: ManifestFile): boolean {
  const fields: Fields = { ...value };
  return (
    Object.hasOwn(KINDS, value.kind) &&
    hasTexts(fields, ['path', 'startsAt', 'sha256', 'fingerprint']) &&
    hasNumbers(fields, ['offsetMs', 'durationMs', 'byteLength']) &&
    isListOf(value.problems, (problem) => hasTexts(problem, ['code', 'severity', 'message'])) &&
    KINDS[value.kind](fields)
  );
}
