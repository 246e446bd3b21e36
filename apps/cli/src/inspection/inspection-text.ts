import type { Cause, Inspection } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Input } from '../options/input.ts';
import type { Colours } from '../terminal/colour.ts';
import { clock, count, span } from '../terminal/format-values.ts';
import { inputAsTyped } from '../terminal/input-as-typed.ts';
import { displayWidth } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import { measureTable } from './measure-table.ts';

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
  if (verbose) lines.push('', ...measureTable(tracks, width, colours));
  lines.push(
    '',
    colours.dim(`All measures: rawreel inspect ${inputAsTyped(input)} ${verbose ? '--json' : '--verbose'}`),
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

type Freeze = NonNullable<Inspection['tracks'][number]['picture']>['freezes']['list'][number];

/** What somebody's picture lacked, where no cause is told of it, nor one of the call: whose, when, how long. */
function withoutCause(userId: string, { tracks, causes }: Inspection): string | undefined {
  const isToldOf = (trackId: string, { fromMs, untilMs }: Freeze): boolean =>
    causes.some(
      ({ trackIds, times }) =>
        trackIds.includes(trackId) && times.some((time) => time.fromMs < untilMs && fromMs < time.untilMs),
    );
  const freezes = tracks
    .filter((track) => track.userId === userId)
    .flatMap(({ trackId, picture }) =>
      (picture?.freezes.list ?? []).filter((freeze) => !isToldOf(trackId, freeze)),
    );
  const [first] = freezes;
  if (first === undefined || causes.some((cause) => cause.userId === userId)) return undefined;
  const longestMs = Math.max(...freezes.map(({ fromMs, untilMs }) => untilMs - fromMs));
  return freezes.length === 1
    ? `picture stood for ${span(longestMs)} at ${clock(first.fromMs)}; no cause was found`
    : `picture stood ${freezes.length} times from ${clock(first.fromMs)} on (longest ${span(longestMs)}); no cause was found`;
}
