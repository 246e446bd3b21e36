import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import { type Column, type RenderedTable, renderTable } from '../terminal/table.ts';
import { clock, count, dateTime } from '../terminal/units.ts';

export interface RecordingTableOptions {
  /** Of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly withTypes: boolean;
  /** Where recordings of several calls are listed. */
  readonly callOf?: ((recording: ListedRecording) => string) | undefined;
}

export function recordingTable(
  recordings: readonly ListedRecording[],
  { width, now, withTypes, callOf }: RecordingTableOptions,
): RenderedTable {
  const columns: Column<ListedRecording>[] = [
    ...(callOf ? [{ title: 'CALL', cell: callOf }] : []),
    { title: 'FILENAME', cell: ({ filename }) => printable(filename) },
    ...(withTypes ? [{ title: 'TYPE', cell: ({ type }: ListedRecording) => printable(type ?? '-') }] : []),
    { title: 'SESSION', cell: ({ session }) => printable(session) },
    { title: 'STARTED', goes: 3, cell: ({ startTime }) => dateTime(startTime.getTime()) },
    { title: 'LENGTH', goes: 2, align: 'right', cell: lengthOf },
    { title: 'LINK', goes: 1, cell: ({ expiresAt }) => timeLeft(expiresAt, now) },
  ];
  return renderTable(columns, recordings, width);
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
