import type { Inspection } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Colours } from '../terminal/colour.ts';
import { clock, percent, span } from '../terminal/format-values.ts';
import { type Column, renderTable } from '../terminal/table.ts';

interface Row {
  readonly measure: string;
  of(inspection: Inspection): string;
}

const sum = ({ tracks }: Inspection, of: (track: Inspection['tracks'][number]) => number): number =>
  tracks.reduce((all, track) => all + of(track), 0);

const most = ({ tracks }: Inspection, of: (track: Inspection['tracks'][number]) => number): number =>
  tracks.reduce((high, track) => Math.max(high, of(track)), 0);

const share = (part: number, whole: number): string => percent(whole === 0 ? 0 : part / whole);

const ROWS: readonly Row[] = [
  { measure: 'length', of: ({ durationMs }) => clock(durationMs) },
  { measure: 'people', of: ({ participants }) => String(participants.length) },
  { measure: 'tracks', of: ({ tracks }) => String(tracks.length) },
  { measure: 'speech', of: ({ speech }) => span(speech.spokenMs) },
  { measure: 'of it impaired', of: ({ speech }) => percent(speech.impairedShare) },
  {
    measure: 'camera frozen',
    of: ({ participants }) =>
      share(
        participants.reduce((all, { picture }) => all + picture.frozenMs, 0),
        participants.reduce((all, { picture }) => all + picture.shownMs, 0),
      ),
  },
  {
    measure: 'packets lost',
    of: (each) =>
      share(
        sum(each, ({ packets }) => packets.lost),
        sum(each, ({ packets }) => packets.expected),
      ),
  },
  {
    measure: 'never repaired',
    of: (each) =>
      share(
        sum(each, ({ packets }) => packets.unrepaired),
        sum(each, ({ packets }) => packets.expected),
      ),
  },
  { measure: 'bursts of loss', of: (each) => String(sum(each, ({ bursts }) => bursts.count)) },
  {
    measure: 'worst mean jitter',
    of: (each) => `${most(each, ({ jitter }) => jitter.meanMs).toFixed(1)} ms`,
  },
  { measure: 'worst delay', of: (each) => `+${span(most(each, ({ delay }) => delay.maxMs))}` },
  { measure: 'longest gap between packets', of: (each) => span(most(each, ({ delta }) => delta.maxMs)) },
  {
    measure: 'worst clock',
    of: (each) => `${Math.round(most(each, (track) => Math.abs(track.clock.driftPpm)))} ppm`,
  },
];

/** Recordings side by side: their measures, then how often each cause was found. */
export function compareText(
  compared: readonly { readonly name: string; readonly inspection: Inspection }[],
  width: number | undefined,
  colours: Colours,
): string {
  const causes = [
    ...new Set(compared.flatMap(({ inspection }) => inspection.causes.map(({ cause }) => cause))),
  ];
  const rows: readonly Row[] = [
    ...ROWS,
    ...causes.map(
      (cause): Row => ({
        measure: cause.replaceAll('-', ' '),
        of: (inspection) => String(inspection.causes.filter((each) => each.cause === cause).length),
      }),
    ),
  ];
  const columns: readonly Column<Row>[] = [
    { title: '', cell: ({ measure }) => measure },
    ...compared.map(
      ({ name, inspection }): Column<Row> => ({
        title: printable(name),
        align: 'right',
        cell: (row) => row.of(inspection),
      }),
    ),
  ];
  const [heading = '', ...lines] = renderTable(columns, rows, width).lines;
  return `${[colours.bold(heading), ...lines].join('\n')}\n`;
}
