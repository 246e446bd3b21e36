import type { Recording, Track } from '@rawreel/archive';
import { formatBytes, printable } from '@rawreel/text';
import type { Colours } from '../terminal/colour.ts';
import { clock, clockTenths, count, dateTime } from '../terminal/format-values.ts';
import { renderOutline } from '../terminal/outline.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { codecName } from '../terminal/track-names.ts';
import { joined } from '../terminal/wrap.ts';

/** Stands in an empty cell, so that the columns of a line can be counted. */
const NONE = '-';

/** Before what a line had no room for. */
const CONTINUED = '  ';

const CONTAINERS = { zip: 'ZIP', tar: 'tar', 'tar.gz': 'tar.gz', folder: 'folder' } as const;

/**
 * The call in one line, or in as many as the terminal asks for: what, when, how long, how many.
 *
 * @param width of the terminal; undefined where there is none
 */
export function headline(
  recording: Recording,
  tracks: readonly Track[],
  width: number | undefined,
  colours: Colours,
): string {
  const { callId, callType, container, zeroUnixMs } = recording;
  const start = recording.callStartMs ?? zeroUnixMs;
  const people = new Set(recording.tracks.map(({ userId }) => userId)).size;
  const all = recording.tracks.length;
  const name = printable(callId) || 'unnamed call';
  const type = callType && `(${printable(callType)})`;
  const room = width && width - CONTINUED.length;
  const facts = [
    ...joined([name, ...(type ? [type] : [])], ' ', room),
    start === undefined ? 'unknown start' : dateTime(start),
    lengthOf(recording),
    count(people, 'person', 'people'),
    tracks.length === all ? count(all, 'track') : `${tracks.length} of ${count(all, 'track')}`,
    `${CONTAINERS[container.kind]}, ${formatBytes(container.byteLength)}`,
  ];
  const [first = '', ...more] = joined(facts, ' · ', room);
  return [first.replace(name, colours.bold), ...more.map((line) => CONTINUED + line)].join('\n');
}

function lengthOf({ zeroUnixMs, tracks }: Recording): string {
  const ends = tracks.flatMap(({ endsAtMs }) => (endsAtMs === undefined ? [] : [endsAtMs]));
  if (zeroUnixMs === undefined || ends.length === 0) return 'unknown length';
  return clock(ends.reduce((last, end) => Math.max(last, end)) - zeroUnixMs);
}

/** What a track is, and how long it lasts: without, a list of tracks is a list of ids. */
const ESSENTIAL = ['TYPE', 'SCREENSHARE', 'CODEC', 'LASTS'] as const;

/**
 * A line per track as long as that says what each one is; in a narrower terminal users and sessions, with ids of any
 * length, become headings.
 *
 * @param width of the terminal; undefined where there is none and every column is wanted
 */
export function trackTable(
  recording: Recording,
  tracks: readonly Track[],
  width: number | undefined,
  colours: Colours,
): { readonly lines: readonly string[]; readonly dropped: readonly string[] } {
  const facts = columns(recording.zeroUnixMs);
  const flat = renderTable([...IDS, ...facts], tracks, width);
  const isTooNarrow = width !== undefined && flat.width > width;
  if (width === undefined || (!isTooNarrow && !ESSENTIAL.some((title) => flat.dropped.includes(title)))) {
    const [heading = '', ...rows] = flat.lines;
    return { lines: [colours.bold(heading), ...rows], dropped: flat.dropped };
  }
  const [user, session, track] = IDS;
  const { lines, dropped } = renderOutline([user, session], [track, ...facts], tracks, width, colours.bold);
  return { lines, dropped };
}

const IDS = [
  { title: 'USER', cell: ({ userId }: Track) => printable(userId) },
  { title: 'SESSION', cell: ({ sessionId }: Track) => printable(sessionId) },
  { title: 'TRACK', cell: ({ trackId }: Track) => printable(trackId) },
] as const;

function columns(zeroUnixMs: number | undefined): readonly Column<Track>[] {
  return [
    { title: 'TYPE', cell: ({ kind }) => kind },
    { title: 'SCREENSHARE', goes: 5, cell: ({ screenshare }) => (screenshare ? 'yes' : 'no') },
    { title: 'CODEC', goes: 4, cell: ({ codec }) => printable(codecName(codec)) || NONE },
    { title: 'SIZE', goes: 1, cell: sizeCell },
    {
      title: 'STARTS',
      goes: 2,
      align: 'right',
      cell: ({ startsAtMs }) =>
        startsAtMs === undefined || zeroUnixMs === undefined ? NONE : clockTenths(startsAtMs - zeroUnixMs),
    },
    {
      title: 'LASTS',
      align: 'right',
      cell: ({ startsAtMs, endsAtMs }) =>
        startsAtMs === undefined || endsAtMs === undefined ? NONE : clockTenths(endsAtMs - startsAtMs),
    },
    { title: 'SEGMENTS', goes: 3, align: 'right', cell: ({ segments }) => String(segments.length) },
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
