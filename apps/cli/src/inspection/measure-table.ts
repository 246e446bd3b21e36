import type { InspectedLayer, InspectedTrack } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Colours } from '../terminal/colour.ts';
import { percent, span } from '../terminal/format-values.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { kindName } from '../terminal/track-names.ts';

/** A track, or one of the layers that it sent side by side. */
interface Row {
  readonly track: InspectedTrack;
  readonly layer: InspectedLayer | undefined;
}

interface Measure extends Omit<Column<Row>, 'cell'> {
  of(track: InspectedTrack): string;
  /** What a layer has of its own. */
  ofLayer?(layer: InspectedLayer): string;
}

/** A line per track with what it is judged by; below a camera that sent layers side by side (simulcast), one for each of those. */
export function measureTable(
  tracks: readonly InspectedTrack[],
  width: number | undefined,
  colours: Colours,
): string[] {
  const rows = tracks.flatMap((track): Row[] => [
    { track, layer: undefined },
    ...(track.picture?.simulcast ?? [])
      .toSorted((a, b) => b.width * b.height - a.width * a.height)
      .map((layer) => ({ track, layer })),
  ]);
  const { lines, dropped } = renderTable(COLUMNS, rows, width);
  const [heading = '', ...rest] = lines;
  const hidden = dropped.length > 0 ? [colours.dim(`Hidden columns: ${dropped.join(', ')}`)] : [];
  return [colours.bold(heading), ...rest, ...hidden];
}

const NONE = '-';
const ms = (value: number) => `${Math.round(value)} ms`;
const frozen = ({ count, totalMs }: InspectedLayer['freezes']) =>
  count === 0 ? 'never' : `${span(totalMs)} (${count}×)`;

function layerName({ ssrc, width, height, sent }: InspectedLayer): string {
  const size = width === 0 ? `SSRC ${ssrc}` : `${width}×${height}`;
  return `  ${size} for ${span(sent.reduce((all, { fromMs, untilMs }) => all + untilMs - fromMs, 0))}`;
}

const MEASURES: readonly Measure[] = [
  { title: 'USER', of: ({ userId }) => printable(userId) },
  { title: 'TRACK', of: ({ trackType, kind }) => kindName(trackType, kind), ofLayer: layerName },
  { title: 'CODEC', goes: 2, of: ({ codec }) => codec },
  {
    title: 'PACKETS',
    goes: 3,
    align: 'right',
    of: ({ packets }) => String(packets.received),
    ofLayer: ({ packets }) => String(packets.received),
  },
  {
    title: 'LOST',
    align: 'right',
    of: ({ packets }) => percent(packets.lostShare),
    ofLayer: ({ packets: { lost, expected } }) => percent(lost / Math.max(1, expected)),
  },
  {
    title: 'REPAIRED',
    goes: 4,
    align: 'right',
    of: ({ packets, repairs }) =>
      packets.lost === 0 ? NONE : String(repairs.rtx.repaired + repairs.red.repaired + repairs.fec.repaired),
  },
  { title: 'BURSTS', goes: 1, align: 'right', of: ({ bursts }) => String(bursts.count) },
  {
    title: 'JITTER',
    align: 'right',
    of: ({ jitter }) => `${jitter.meanMs.toFixed(1)}/${jitter.maxMs.toFixed(1)} ms`,
  },
  { title: 'GAP', goes: 5, align: 'right', of: ({ delta }) => ms(delta.maxMs) },
  { title: 'DELAY', goes: 7, align: 'right', of: ({ delay }) => `+${ms(delay.maxMs)}` },
  {
    title: 'KBIT/S',
    goes: 8,
    align: 'right',
    of: ({ bitrate }) => String(Math.round(bitrate.meanKbps)),
    ofLayer: ({ meanKbps }) => String(Math.round(meanKbps)),
  },
  {
    title: 'FPS',
    goes: 9,
    align: 'right',
    of: ({ picture }) => picture?.meanFps.toFixed(1) ?? NONE,
    ofLayer: ({ meanFps }) => meanFps.toFixed(1),
  },
  {
    title: 'FROZEN',
    align: 'right',
    of: ({ picture }) => (picture === undefined ? NONE : frozen(picture.freezes)),
    ofLayer: ({ freezes }) => frozen(freezes),
  },
  {
    title: 'CONCEALED',
    align: 'right',
    of: ({ sound }) => (sound === undefined ? NONE : ms(sound.concealedMs + sound.interruptedMs)),
  },
  {
    title: 'CLOCK',
    goes: 6,
    align: 'right',
    of: ({ clock: { driftPpm } }) => `${Math.round(driftPpm)} ppm`,
  },
];

const COLUMNS: readonly Column<Row>[] = MEASURES.map(({ of, ofLayer, ...column }) => ({
  ...column,
  cell: ({ track, layer }) => (layer === undefined ? of(track) : (ofLayer?.(layer) ?? '')),
}));
