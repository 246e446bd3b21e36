import type { Delivered } from '@rawreel/delivery';
import { formatBytes, jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { asError, type Explained, writeError } from '../failure/explain-error.ts';
import type { Input } from '../options/input.ts';
import { coloursFor } from '../terminal/colour.ts';
import { count, span } from '../terminal/format-values.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import type { SettingsOfAll } from './media-settings.ts';
import { printReport, reportOf } from './print-report.ts';

/** What became of one recording of several. */
export interface MadeOfMany {
  readonly input: Input;
  readonly output: string;
  readonly exitCode: number;
  /** Absent where nothing came of it. */
  readonly delivered?: Delivered | undefined;
  readonly error?: Explained | undefined;
  readonly isInterrupted?: true | undefined;
}

export const shownInput = ({ path, shown }: Input): string => printable(shown ?? redactedAddress(path));

/** What is wrong with one of several, which most errors name themselves. */
export function messageOf({ message }: Explained, input: Input): string {
  const name = shownInput(input);
  return message.startsWith(name) ? message : `${name}: ${message}`;
}

/** How it went with one, in a word or two. */
export function stateOf({ delivered, exitCode, isInterrupted }: MadeOfMany): string {
  if (isInterrupted) return 'not done';
  if (delivered === undefined) return 'failed';
  if (exitCode === EXIT.failed) return 'in part';
  return delivered.report.damaged ? 'damaged' : 'whole';
}

export const filesOf = ({ delivered }: MadeOfMany): { readonly files: number; readonly bytes: number } => {
  const files = delivered?.report.files ?? [];
  return { files: files.length, bytes: files.reduce((sum, { byteLength }) => sum + byteLength, 0) };
};

/** How work on several has ended. */
export interface EndOfMany {
  readonly output: string;
  readonly elapsedMs: number;
  /** Undefined where it was interrupted, which is told elsewhere. */
  readonly exitCode: number | undefined;
}

/** One summary of all: how it went, then a line for each; what was wrong goes to stderr. */
export function printMany(
  all: readonly MadeOfMany[],
  { output, elapsedMs, exitCode }: EndOfMany,
  settings: SettingsOfAll,
  context: Context,
): void {
  const { stdout, stderr, env } = context;
  if (settings.json) {
    stdout.write(
      jsonText(
        all.map((made) => ({
          input: made.input.shown ?? redactedAddress(made.input.path),
          output: made.output,
          exitCode: made.exitCode,
          report: made.delivered && reportOf(made.delivered),
          error: made.error && asError(made.error),
        })),
      ),
    );
    return;
  }
  for (const { delivered, error, input } of all) {
    if (delivered !== undefined) printReport(delivered, { ...settings, quiet: true }, context);
    if (error === undefined) continue;
    writeError({ ...error, message: messageOf(error, input) }, stderr, coloursFor(stderr, env));
  }
  if (settings.quiet) return;
  const { bold } = coloursFor(stdout, env);
  const lines = renderTable(COLUMNS, all, undefined).lines.slice(1);
  stdout.write(
    `${bold(headline(all, { output, elapsedMs, exitCode }))}\n${lines.map((line) => `  ${line}\n`).join('')}`,
  );
}

/** How many, and how many of them an earlier run had made. */
function filesCell(made: MadeOfMany): string {
  const before = made.delivered?.report.alreadyMade.length ?? 0;
  return `${count(filesOf(made).files, 'file')}${before === 0 ? '' : `, ${before} made before`}`;
}

const COLUMNS: readonly Column<MadeOfMany>[] = [
  { title: '', cell: stateOf },
  { title: '', cell: ({ input }) => shownInput(input) },
  { title: '', align: 'right', cell: filesCell },
  { title: '', align: 'right', cell: (made) => formatBytes(filesOf(made).bytes) },
  { title: '', cell: (made) => (filesOf(made).files === 0 ? '' : printable(made.output)) },
];

function headline(all: readonly MadeOfMany[], { output, elapsedMs, exitCode }: EndOfMany): string {
  const states = [...Map.groupBy(all, stateOf)].map(([state, { length }]) => `${length} ${state}`);
  const [files, bytes] = all
    .map(filesOf)
    .reduce(([files, bytes], each) => [files + each.files, bytes + each.bytes], [0, 0]);
  const exit = (exitCode ?? EXIT.whole) === EXIT.whole ? '' : ` (exit ${exitCode})`;
  const folder = `${printable(output).replace(/[\\/]+$/, '')}/`;
  const size = `(${count(files, 'file')}, ${formatBytes(bytes)}, ${span(elapsedMs)})`;
  return `${count(all.length, 'recording')} in ${folder} ${size}: ${states.join(', ')}${exit}`;
}
