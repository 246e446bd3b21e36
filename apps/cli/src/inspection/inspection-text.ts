import type { Cause, InspectedTrack, Inspection } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Input } from '../options/input.ts';
import type { Colours } from '../terminal/colour.ts';
import { clock, count, percent, span } from '../terminal/format-values.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { kindName } from '../terminal/track-names.ts';
import { displayWidth } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';

export interface Look {
  readonly colours: Colours;
  /** Of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  /** The measures of every track, too. */
  readonly verbose: boolean;
}

const GAP = '  ';

/** What happened in a call, in words: what was felt in the first line, then what it came of, participant by participant. */
export function inspectionText(
  inspection: Inspection,
  input: Input,
  { colours, width, verbose }: Look,
): string {
  const { call, durationMs, participants, headline, causes, tracks } = inspection;
  const facts = [
    colours.bold(printable(call.id) || 'unnamed call'),
    clock(durationMs),
    count(participants.length, 'person', 'people'),
    printable(headline),
  ];
  const names = ['call', ...participants.map(({ userId }) => printable(userId))];
  const indent = Math.max(...names.map(displayWidth));
  const lines = wrap(facts.join(' · '), width);
  const unexplained = new Map(participants.map(({ userId }) => [userId, withoutCause(userId, inspection)]));
  if (causes.length > 0 || [...unexplained.values()].some((what) => what !== undefined))
    lines.push(
      '',
      ...told(
        'call',
        causes.filter(({ userId }) => userId === undefined),
        false,
      ),
      ...participants.flatMap(({ userId }) =>
        told(
          printable(userId),
          causes.filter((cause) => cause.userId === userId),
          true,
          unexplained.get(userId) ?? colours.dim('nothing to remark'),
        ),
      ),
    );
  if (verbose) lines.push('', ...measures(tracks, width, colours));
  lines.push(
    '',
    colours.dim(
      `All measures: rawreel inspect ${input.flag} ${shellQuote(redactedAddress(input.path))} ${verbose ? '--json' : '--verbose'}`,
    ),
  );
  return `${lines.join('\n')}\n`;

  function told(name: string, those: readonly Cause[], isPerson: boolean, remark = ''): string[] {
    if (those.length === 0) return isPerson ? [row(name, remark)] : [];
    return those.flatMap((cause, index) => {
      const doubt = cause.confidence === 'high' ? '' : ` (${cause.confidence} confidence)`;
      const room = width === undefined ? undefined : Math.max(20, width - indent - GAP.length);
      return wrap(`${printable(cause.sentence)}${doubt}`, room).map((line, part) =>
        row(index === 0 && part === 0 ? name : '', line),
      );
    });
  }

  function row(name: string, text: string): string {
    return `${name}${' '.repeat(indent - displayWidth(name))}${GAP}${text}`;
  }
}

/** What somebody's picture lacked, where no cause is told of it: whose, when, how long. */
function withoutCause(userId: string, { tracks, causes }: Inspection): string | undefined {
  const freezes = tracks
    .filter((track) => track.userId === userId)
    .flatMap(({ picture }) => picture?.freezes.list ?? []);
  const [first] = freezes;
  if (first === undefined || causes.some((cause) => cause.userId === userId)) return undefined;
  const longestMs = Math.max(...freezes.map(({ fromMs, untilMs }) => untilMs - fromMs));
  const when =
    freezes.length === 1
      ? clock(first.fromMs)
      : `${count(freezes.length, 'time')} from ${clock(first.fromMs)} on`;
  return `picture stood ${when} (longest ${span(longestMs)}); no cause was found`;
}

/** A line per track with what it is judged by. */
function measures(tracks: readonly InspectedTrack[], width: number | undefined, colours: Colours): string[] {
  const { lines, dropped } = renderTable(COLUMNS, tracks, width);
  const [heading = '', ...rows] = lines;
  const hidden = dropped.length > 0 ? [colours.dim(`Hidden columns: ${dropped.join(', ')}`)] : [];
  return [colours.bold(heading), ...rows, ...hidden];
}

const NONE = '-';
const ms = (value: number) => `${Math.round(value)} ms`;

const COLUMNS: readonly Column<InspectedTrack>[] = [
  { title: 'USER', cell: ({ userId }) => printable(userId) },
  { title: 'TRACK', cell: ({ trackType, kind }) => kindName(trackType, kind) },
  { title: 'CODEC', goes: 2, cell: ({ codec }) => codec },
  { title: 'PACKETS', goes: 3, align: 'right', cell: ({ packets }) => String(packets.received) },
  { title: 'LOST', align: 'right', cell: ({ packets }) => percent(packets.lostShare) },
  {
    title: 'REPAIRED',
    goes: 4,
    align: 'right',
    cell: ({ packets, repairs }) =>
      packets.lost === 0 ? NONE : String(repairs.rtx.repaired + repairs.red.repaired + repairs.fec.repaired),
  },
  { title: 'BURSTS', goes: 1, align: 'right', cell: ({ bursts }) => String(bursts.count) },
  {
    title: 'JITTER',
    align: 'right',
    cell: ({ jitter }) => `${jitter.meanMs.toFixed(1)}/${jitter.maxMs.toFixed(1)} ms`,
  },
  { title: 'GAP', goes: 5, align: 'right', cell: ({ delta }) => ms(delta.maxMs) },
  { title: 'DELAY', goes: 7, align: 'right', cell: ({ delay }) => `+${ms(delay.maxMs)}` },
  { title: 'KBIT/S', goes: 8, align: 'right', cell: ({ bitrate }) => String(Math.round(bitrate.meanKbps)) },
  { title: 'FPS', goes: 9, align: 'right', cell: ({ picture }) => picture?.meanFps.toFixed(1) ?? NONE },
  {
    title: 'FROZEN',
    align: 'right',
    cell: ({ picture }) =>
      picture === undefined ? NONE : `${picture.freezes.count}× ${ms(picture.freezes.totalMs)}`,
  },
  {
    title: 'CONCEALED',
    align: 'right',
    cell: ({ sound }) => (sound === undefined ? NONE : ms(sound.concealedMs + sound.interruptedMs)),
  },
  {
    title: 'CLOCK',
    goes: 6,
    align: 'right',
    cell: ({ clock: { driftPpm } }) => `${Math.round(driftPpm)} ppm`,
  },
];
