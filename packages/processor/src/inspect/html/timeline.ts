import type { Stretch } from '../causes/call-measures.ts';
import { clock } from '../causes/words.ts';
import type { InspectedTrack, Inspection } from '../inspection.ts';
import { AXIS_WIDTH, axisOf, ticksOf } from './axis.ts';
import { escaped } from './escape.ts';

const LANE = 14;

/** What lasts for so much of the call marks no moment of it: a thin line says that it was there. */
const ALL_ALONG = 0.8;

/** Who was there with what: a lane for each participant's voice, camera and shared screen, with trouble marked. */
export function timelineOf({ participants, tracks, causes, durationMs }: Inspection): string {
  const rows = participants.map(({ userId }) => {
    const own = tracks.filter((track) => track.userId === userId);
    const lanes = [
      lane(
        'voice',
        own.filter(({ kind, screenshare }) => kind === 'audio' && !screenshare),
        durationMs,
      ),
      lane(
        'camera',
        own.filter(({ kind, screenshare }) => kind === 'video' && !screenshare),
        durationMs,
      ),
      lane(
        'share',
        own.filter(({ screenshare }) => screenshare),
        durationMs,
      ),
    ].filter((each) => each !== '');
    const times = causes
      .filter(({ trackIds }) => own.some(({ trackId }) => trackIds.includes(trackId)))
      .flatMap((cause) => cause.times);
    const trouble = troubleOf(times, durationMs);
    return `<div class="who"><div class="name">${escaped(userId)}</div><div class="lanes">${trouble}${lanes.join('')}</div></div>`;
  });
  return `<div class="timeline">${axis(durationMs)}${rows.join('')}</div>`;
}

/** When there was trouble with a track, but for what lasted all along. */
export const momentsOf = ({ causes, durationMs }: Inspection, trackId: string): Stretch[] =>
  causes
    .filter(({ trackIds }) => trackIds.includes(trackId))
    .flatMap(({ times }) => times.filter((time) => !isAlong(time, durationMs)));

const isAlong = ({ fromMs, untilMs }: Stretch, durationMs: number): boolean =>
  untilMs - fromMs >= ALL_ALONG * durationMs;

function troubleOf(times: readonly Stretch[], durationMs: number): string {
  const path = (those: readonly Stretch[], width: number) =>
    those.length === 0
      ? ''
      : `<path class="mark" stroke-width="${width}" d="${stretches(those, durationMs, 3)}"/>`;
  const moments = times.filter((time) => !isAlong(time, durationMs));
  const along = times.filter((time) => isAlong(time, durationMs));
  const paths = `${path(along, 1.5)}${path(moments, 6)}${beginnings(moments, durationMs)}`;
  return paths === '' ? '' : svg('lane trouble', 6, paths);
}

/** Of a line that is as wide on every screen: two seconds of an hour would not be seen. */
function beginnings(moments: readonly Stretch[], durationMs: number): string {
  const at = axisOf(durationMs);
  const lines = moments.map(({ fromMs }) => `M${at(fromMs)} 0v6`).join('');
  return lines === '' ? '' : `<path class="mark begins" d="${lines}"/>`;
}

/** Labels of the time axis, which move with it. */
export function axis(durationMs: number): string {
  const at = axisOf(durationMs);
  const labels = ticksOf(durationMs).map((ms) => `<span data-x="${at(ms)}">${clock(ms)}</span>`);
  return `<div class="who axis"><div class="name"></div><div class="lanes ticks" aria-hidden="true">${labels.join('')}</div></div>`;
}

function lane(
  name: 'voice' | 'camera' | 'share',
  tracks: readonly InspectedTrack[],
  durationMs: number,
): string {
  if (tracks.length === 0) return '';
  const there = stretches(
    tracks.flatMap(({ segments }) => segments),
    durationMs,
    LANE / 2,
  );
  const spoken = tracks.flatMap(({ sound }) =>
    (sound?.turns ?? []).map(({ startMs, endMs }) => ({ fromMs: startMs, untilMs: endMs })),
  );
  const harmed = tracks.flatMap(({ sound, picture }) => [
    ...(sound?.holes ?? []),
    ...(name === 'camera' ? (picture?.freezes.list ?? []) : []),
  ]);
  const parts = [
    `<path class="${name}" stroke-width="${LANE}" d="${there}"/>`,
    ...(spoken.length > 0
      ? [`<path class="spoken" stroke-width="${LANE}" d="${stretches(spoken, durationMs, LANE / 2)}"/>`]
      : []),
    ...(harmed.length > 0
      ? [`<path class="mark" stroke-width="4" d="${stretches(harmed, durationMs, LANE - 2)}"/>`]
      : []),
  ];
  return svg(
    `lane ${name}`,
    LANE,
    parts.join(''),
    `${name}: ${tracks.length === 1 ? 'one track' : `${tracks.length} tracks`}`,
  );
}

const svg = (name: string, height: number, inside: string, label?: string): string =>
  `<svg class="${name}" data-h="${height}" viewBox="0 0 ${AXIS_WIDTH} ${height}" preserveAspectRatio="none" ${label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${label}"`}>${inside}</svg>`;

/** Horizontal lines, those that would touch each other on a screen as one. */
export function stretches(all: readonly Stretch[], durationMs: number, y: number): string {
  const at = axisOf(durationMs);
  const joined: { from: number; until: number }[] = [];
  for (const { fromMs, untilMs } of all.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const [from, until] = [at(fromMs), Math.max(at(untilMs), at(fromMs) + 0.5)];
    const last = joined.at(-1);
    if (last !== undefined && from - last.until < 0.5) last.until = Math.max(last.until, until);
    else joined.push({ from, until });
  }
  return joined.map(({ from, until }) => `M${from} ${y}h${Math.round((until - from) * 10) / 10}`).join('');
}
