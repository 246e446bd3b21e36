import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import { clock, count, dateTime } from '../terminal/format-values.ts';
import { renderOutline } from '../terminal/outline.ts';
import { type Column, type RenderedTable, renderTable } from '../terminal/table.ts';

export interface RecordingTableOptions {
  /** Of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly withTypes: boolean;
  /** Where recordings of several calls are listed. */
  readonly callOf?: ((recording: ListedRecording) => string) | undefined;
  readonly bold?: ((title: string) => string) | undefined;
}

const asItIs = (title: string): string => title;

/** A line per recording; in a terminal that is too narrow for it calls and sessions become headings. */
export function recordingTable(
  recordings: readonly ListedRecording[],
  { width, now, withTypes, callOf, bold = asItIs }: RecordingTableOptions,
): RenderedTable {
  const call: Column<ListedRecording>[] = callOf ? [{ title: 'CALL', cell: callOf }] : [];
  const session: Column<ListedRecording> = { title: 'SESSION', cell: (each) => printable(each.session) };
  const file: Column<ListedRecording>[] = [
    { title: 'FILENAME', cell: ({ filename }) => printable(filename) },
    ...(withTypes ? [{ title: 'TYPE', cell: ({ type }: ListedRecording) => printable(type ?? '-') }] : []),
  ];
  const facts: Column<ListedRecording>[] = [
    { title: 'STARTED', goes: 1, cell: ({ startTime }) => dateTime(startTime.getTime()) },
    { title: 'LENGTH', goes: 2, align: 'right', cell: lengthOf },
    { title: 'LINK', goes: 3, cell: ({ expiresAt }) => timeLeft(expiresAt, now) },
  ];
  const table = renderTable([...call, ...file, session, ...facts], recordings, width);
  if (width !== undefined && (table.dropped.length > 0 || table.width > width))
    return renderOutline([...call, session], [...file, ...facts], recordings, width, bold);
  const [heading = '', ...rows] = table.lines;
  return { ...table, lines: [bold(heading), ...rows] };
}

function lengthOf({ startTime, endTime }: ListedRecording): string {
  return endTime === undefined ? '-' : clock(endTime.getTime() - startTime.getTime());
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a link still holds, never more than it does. */
export function timeLeft(expiresAt: Date | undefined, now: number): string {
  if (expiresAt === undefined) return '-';
  const left = expiresAt.getTime() - now;
  if (left <= 0) return 'expired';
  if (left < MINUTE) return 'less than a minute left';
  if (left < HOUR) return `${Math.floor(left / MINUTE)} min left`;
  if (left < 2 * DAY) return `${Math.floor(left / HOUR)} h left`;
  return `${count(Math.floor(left / DAY), 'day')} left`;
}
