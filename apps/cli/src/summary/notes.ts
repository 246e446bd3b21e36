import type { FailedOutput, Report, ReportedGap } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import { clock, count, percent, span } from '../terminal/format-values.ts';
import { type Label, label, tracksBehind, tracksIn } from './output-label.ts';

/** One line about one track. */
export interface Note extends Label {
  readonly text: string;
}

/** From as many on, notes that say the same are one. */
const ALIKE = 3;
/** As many of their people are named. */
const NAMED = 3;

/** Ten tracks without a partner are one thing to know. */
export function together(notes: readonly Note[]): Note[] {
  const alike = Map.groupBy(notes, ({ kind, text }) => JSON.stringify([kind, text]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < ALIKE || first.who === '') return group;
    const people = [...new Set(group.map(({ who }) => who))];
    const others = people.length > NAMED ? ` and ${count(people.length - NAMED, 'other')}` : '';
    const who = `${people.slice(0, NAMED).join(', ')}${others}`;
    const text = people.length < group.length ? `${first.text} (${group.length} times)` : first.text;
    return [{ ...first, who, text }];
  });
}

/** Below both, loss is what every call on the internet has, and nobody hears or sees it. */
const LOSS_WORTH_NOTING = { share: 0.001, longestMs: 100 } as const;
/** A picture that comes later than this after the sound looks like a fault. */
const LATE_PICTURE_MS = 500;

/** What somebody may want to act on, track by track; damage is reported elsewhere. */
export function notesOf(report: Report): Note[] {
  const notes = [...report.files.flatMap(tracksIn).flatMap(notesOfTrack), ...noticesOf(report)];
  // A track may have come into several files.
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

type Noted = ReturnType<typeof tracksIn>[number];

function notesOfTrack(track: Noted): Note[] {
  const texts = [
    lossNote(track),
    leftOutNote(track),
    cameraOffNote(track),
    latePictureNote(track),
    missingNote(track),
    driftNote(track),
  ];
  return texts.flatMap((text) => (text === undefined ? [] : [{ ...label(track), text }]));
}

/** A package's sentence about a track; where it begins with the user or the kind, these are not repeated. */
export function noteOf(track: Parameters<typeof label>[0], message: string): Note {
  const { who, kind } = label(track);
  let text = printable(message);
  for (const known of [who, kind]) {
    if (known !== '' && text.startsWith(`${known} `)) text = text.slice(known.length + 1);
  }
  return { who, kind, text };
}

function lossNote(track: Noted): string | undefined {
  const { lost, received } = track.packets;
  if (lost === 0) return undefined;
  const share = lost / (lost + received);
  const longestMs = longest(gapsBecauseOf(track, 'loss'));
  if (share < LOSS_WORTH_NOTING.share && longestMs < LOSS_WORTH_NOTING.longestMs) return undefined;
  const facts = [count(lost, 'packet'), ...(longestMs > 0 ? [`longest ${span(longestMs)}`] : [])];
  const done = (track.concealed?.lossMs ?? 0) > 0 ? ', concealed' : '';
  return `${percent(share)} lost (${facts.join(', ')})${done}`;
}

function leftOutNote({ framesLeftOut, frames }: Noted): string | undefined {
  const amount = (framesLeftOut?.incomplete ?? 0) + (framesLeftOut?.undecodable ?? 0);
  if (amount === 0) return undefined;
  return `${count(amount, 'frame')} of ${frames + amount} left out: incomplete, or dependent on one that is`;
}

function cameraOffNote(track: Noted): string | undefined {
  const gaps = track.kind === 'video' ? gapsBecauseOf(track, 'between-segments') : [];
  if (gaps.length === 0) return undefined;
  const what = track.trackType === 'TRACK_TYPE_SCREEN_SHARE' ? 'not shared' : 'camera off';
  const length = gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return `${what} ${count(gaps.length, 'time')} (${clock(length)} in all), ${fillingOf(gaps)}`;
}

function latePictureNote(track: Noted): string | undefined {
  const gap = gapsBecauseOf(track, 'before-start').find(({ startMs }) => startMs === 0);
  if (track.kind !== 'video' || !gap || gap.endMs < LATE_PICTURE_MS) return undefined;
  return `no picture in the first ${span(gap.endMs)}, ${fillingOf([gap])}`;
}

function missingNote(track: Noted): string | undefined {
  const gaps = gapsBecauseOf(track, 'segment-missing');
  if (gaps.length === 0) return undefined;
  return `${count(gaps.length, 'segment')} missing from the archive, ${fillingOf(gaps)}`;
}

function driftNote({ drift, clock: { driftPpm } }: Noted): string | undefined {
  if (drift === undefined) return undefined;
  const { packetsLeftOut, packetsAdded } = drift;
  const leftOut = `${count(packetsLeftOut, 'packet')} left out`;
  const added = `${count(packetsAdded, 'packet')} added`;
  if (packetsLeftOut > 0 && packetsAdded > 0)
    return `sound card runs unevenly: ${leftOut} and ${added} in quiet places`;
  const amount = `${Math.abs(Math.round(driftPpm))} ppm`;
  if (packetsLeftOut > 0) return `sound card runs ${amount} fast: ${leftOut} in quiet places`;
  return packetsAdded > 0 ? `sound card runs ${amount} slow: ${added} in quiet places` : undefined;
}

function fillingOf(gaps: readonly ReportedGap[]): string {
  const fillings = new Set(gaps.map(({ filledWith }) => filledWith));
  if (fillings.size > 1) return 'filled in part';
  const [only] = fillings;
  return only === 'nothing' || only === undefined ? 'left open' : only;
}

function gapsBecauseOf(track: Noted, reason: ReportedGap['reason']): ReportedGap[] {
  return track.gaps.filter((gap) => gap.reason === reason);
}

function longest(gaps: readonly ReportedGap[]): number {
  return gaps.reduce((most, { startMs, endMs }) => Math.max(most, endMs - startMs), 0);
}

/** Found and dealt with, and the same whether anybody knows or not. */
const NOTHING_TO_DO = new Set([
  'ENTRY_DUPLICATE',
  'SEGMENT_DUPLICATE',
  'DUMP_UNLISTED',
  'SDP_MISSING',
  'METADATA_TIMES_UNUSABLE',
]);

function noticesOf({ problems, files, failures }: Report): Note[] {
  // The failure of a track's output says it already.
  const isReported = (problem: Report['problems'][number]) =>
    problem.code === 'CODEC_UNSUPPORTED' &&
    failures.some(({ code, trackId }) => code === 'ERR_CODEC_UNSUPPORTED' && trackId === problem.trackId);
  return problems
    .filter(
      (problem) => problem.severity === 'notice' && !NOTHING_TO_DO.has(problem.code) && !isReported(problem),
    )
    .map((problem) => noteOf(trackOf(problem, { files, failures }), problem.message));
}

/** What a problem is about: it knows ids, and the file of its track knows the kind. */
export function trackOf(
  problem: { readonly userId?: string; readonly sessionId?: string; readonly trackId?: string },
  { files, failures }: Pick<Report, 'files' | 'failures'>,
): { userId?: string; kind?: string; trackType?: string } {
  const isIt = ({ trackId, sessionId }: { trackId?: string; sessionId?: string }) =>
    trackId !== undefined &&
    trackId === problem.trackId &&
    (problem.sessionId === undefined || sessionId === problem.sessionId);
  const found =
    files.flatMap(tracksIn).find(isIt) ??
    failures.find((failure: FailedOutput) => isIt(failure)) ??
    files.flatMap(tracksBehind).find(isIt);
  if (found) return found;
  return problem.userId === undefined ? {} : { userId: problem.userId };
}
