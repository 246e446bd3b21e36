import type { Recording, Track } from '@rawreel/archive';
import { printable } from '@rawreel/text';
import type { Colours } from '../terminal/colour.ts';
import { codecName } from '../terminal/names.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { byteSize, clock, clockTenths, count, dateTime } from '../terminal/units.ts';

/** Stands in an empty cell, so that the columns of a line can be counted. */
const NONE = '-';

const CONTAINERS = { zip: 'ZIP', tar: 'tar', 'tar.gz': 'tar.gz', folder: 'folder' } as const;

/** The call in one line: what, when, how long, how many. */
export function headline(recording: Recording, tracks: readonly Track[], colours: Colours): string {
  const { callId, callType, container, zeroUnixMs } = recording;
  const start = recording.callStartMs ?? zeroUnixMs;
  const people = new Set(recording.tracks.map(({ userId }) => userId)).size;
  const all = recording.tracks.length;
  const facts = [
    `${colours.bold(printable(callId) || 'unnamed call')}${callType && ` (${printable(callType)})`}`,
    start === undefined ? 'unknown start' : dateTime(start),
    lengthOf(recording),
    count(people, 'person', 'people'),
    tracks.length === all ? count(all, 'track') : `${tracks.length} of ${count(all, 'track')}`,
    `${CONTAINERS[container.kind]}, ${byteSize(container.byteLength)}`,
  ];
  return facts.join(' · ');
}

function lengthOf({ zeroUnixMs, tracks }: Recording): string {
  const ends = tracks.flatMap(({ endsAtMs }) => (endsAtMs === undefined ? [] : [endsAtMs]));
  if (zeroUnixMs === undefined || ends.length === 0) return 'unknown length';
  return clock(ends.reduce((last, end) => Math.max(last, end)) - zeroUnixMs);
}

/**
 * @param width of the terminal; undefined where there is none and every column is wanted
 */
export function trackTable(
  recording: Recording,
  tracks: readonly Track[],
  width: number | undefined,
  colours: Colours,
): { readonly lines: readonly string[]; readonly dropped: readonly string[] } {
  const { lines, dropped } = renderTable(columns(recording.zeroUnixMs), tracks, width);
  const [heading = '', ...rows] = lines;
  return { lines: [colours.bold(heading), ...rows], dropped };
}

function columns(zeroUnixMs: number | undefined): readonly Column<Track>[] {
  return [
    { title: 'USER', cell: ({ userId }) => printable(userId) },
    { title: 'SESSION', cell: ({ sessionId }) => printable(sessionId) },
    { title: 'TRACK', cell: ({ trackId }) => printable(trackId) },
    { title: 'TYPE', goes: 7, cell: ({ kind }) => kind },
    { title: 'SCREENSHARE', goes: 6, cell: ({ screenshare }) => (screenshare ? 'yes' : 'no') },
    { title: 'CODEC', goes: 5, cell: ({ codec }) => printable(codecName(codec)) || NONE },
    { title: 'SIZE', goes: 1, cell: sizeCell },
    {
      title: 'STARTS',
      goes: 3,
      align: 'right',
      cell: ({ startsAtMs }) =>
        startsAtMs === undefined || zeroUnixMs === undefined ? NONE : clockTenths(startsAtMs - zeroUnixMs),
    },
    {
      title: 'LASTS',
      goes: 2,
      align: 'right',
      cell: ({ startsAtMs, endsAtMs }) =>
        startsAtMs === undefined || endsAtMs === undefined ? NONE : clockTenths(endsAtMs - startsAtMs),
    },
    { title: 'SEGMENTS', goes: 4, align: 'right', cell: ({ segments }) => String(segments.length) },
  ];
}

/** The largest frame of any segment. */
function sizeCell({ segments }: Track): string {
  let largest: { readonly width: number; readonly height: number } | undefined;
  for (const { timing } of segments) {
    const size = timing.maxFrameDimension;
    if (size && (!largest || size.width * size.height > largest.width * largest.height)) largest = size;
  }
  return largest ? `${largest.width}×${largest.height}` : NONE;
}
