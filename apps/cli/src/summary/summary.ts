import { join } from 'node:path';
import type { Report, ReportedFile } from '@rawreel/processor';
import { isAddress } from '@rawreel/storage/address';
import { formatBytes, printable } from '@rawreel/text';
import { exitCodeOf, isLeftOut, tracksLeftOut } from '../exit-codes.ts';
import type { Colours } from '../terminal/colour.ts';
import { clock, count, span } from '../terminal/format-values.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { displayWidth } from '../terminal/width.ts';
import { type Note, noteOf, notesOf, together, trackOf } from './notes.ts';
import { tracksBehind, tracksIn } from './output-label.ts';

export interface SummaryOptions {
  /** The output folder as it was given. */
  readonly output: string;
  readonly acceptDamage: boolean;
  /** Packet counts of every file. */
  readonly verbose: boolean;
  /** What was read over a network, in words. */
  readonly read?: string | undefined;
  readonly colours: Colours;
}

/** The end of a run in words: how it went in the first line, then files, what to act on, where the details are. */
export function summary(report: Report, options: SummaryOptions): string {
  const lines = [headline(report, options), ...troubleLines(report, options)];
  lines.push(...kindLines(report));
  for (const line of fileLines(report.files, options)) lines.push(line);
  lines.push(...verifiedLines(report));
  const notes = notesOf(report);
  if (notes.length > 0) lines.push(options.colours.bold('Noted'));
  lines.push(...beginningOf(noteLines(notes, options), options));
  if (report.files.length > 0) {
    lines.push(`Details: ${printable(placeOf(options.output, 'manifest.json'))}`);
  }
  if (options.read !== undefined) lines.push(options.colours.dim(options.read));
  return `${lines.join('\n')}\n`;
}

/** A file of the output folder, or below the output's address. */
const placeOf = (output: string, file: string): string =>
  isAddress(output) ? `${output.replace(/[/]+$/, '')}/${file}` : join(output, file);

/** Only what is wrong, for a quiet run; empty where nothing is. */
export function trouble(report: Report, options: SummaryOptions): string {
  const leftOut = report.problems
    .filter((problem) => isLeftOut(problem) && problem.severity !== 'damage')
    .map((problem) => noteOf(trackOf(problem, report), problem.message));
  const lines = [...troubleLines(report, options), ...beginningOf(noteLines(leftOut, options), options)];
  return lines.length === 0 ? '' : `${[headline(report, options), ...lines].join('\n')}\n`;
}

function headline(report: Report, { output, acceptDamage, colours }: SummaryOptions): string {
  const { files, failures, damaged, elapsedMs } = report;
  const folder = `${printable(output).replace(/[\\/]+$/, '')}/`;
  const exitCode = exitCodeOf(report, acceptDamage);
  const bytes = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const size = `(${formatBytes(bytes)}, ${span(elapsedMs)})`;
  if (failures.length > 0) {
    const made = `${files.length} of ${count(files.length + failures.length, 'file')} in ${folder}`;
    return colours.red(`${made}: ${failures.length} could not be made (exit ${exitCode})`);
  }
  if (files.length === 0)
    return colours.red(
      `No files in ${folder}: the recording has nothing to make them from (exit ${exitCode})`,
    );
  const made = `${count(files.length, 'file')} in ${folder}`;
  const leftOut = tracksLeftOut(report);
  if (leftOut > 0)
    return colours.red(
      `${made} ${size}, but without ${count(leftOut, 'track')} that cannot be used (exit ${exitCode})`,
    );
  if (!damaged) return `${colours.bold(made)} ${size}`;
  const verdict = exitCode === 0 ? 'accepted' : `exit ${exitCode}`;
  return colours.yellow(`${made} ${size}, but ${extentOf(report)} (${verdict})`);
}

/** What is not as it should be. What no decoder takes may be whole, and its archive too. */
function extentOf({ files, problems }: Report): string {
  const isUndecodable = ({ code }: Report['problems'][number]) => code === 'TRACK_UNDECODABLE';
  const damage = problems.filter((problem) => problem.severity === 'damage' && !isUndecodable(problem));
  const undecodable = filesConcerned(files, problems.filter(isUndecodable));
  const broken = filesConcerned(files, damage);
  const facts = [
    ...(damage.length > 0 || undecodable === 0 ? ['the archive is damaged'] : []),
    ...(broken === 0 ? [] : [`${broken} of them ${broken === 1 ? 'is' : 'are'} not whole`]),
    ...(undecodable === 0 ? [] : [`${undecodable} of them ${undecodable === 1 ? 'does' : 'do'} not decode`]),
  ];
  return facts.join(' and ');
}

/** What verifying did and found. */
function verifiedLines({ files, failures, alreadyMade }: Report): string[] {
  const verified = files.filter((file) => file.verified !== undefined);
  const differing = failures.filter(({ code }) => code === 'ERR_OUTPUT_DIFFERS').length;
  if (verified.length + differing === 0) return [];
  const before = verified.filter(({ path }) => alreadyMade.includes(path)).length;
  const frames = verified.reduce((sum, file) => sum + (file.verified?.frames ?? 0), 0);
  const undecodable = verified.filter((file) => file.verified?.decodes === false).length;
  const facts = [
    `${count(verified.length + differing, 'file')} read back and decoded`,
    ...(before === 0 ? [] : [`${before} of them by an earlier run`]),
    // Of films the pictures are counted, which nobody has recorded so.
    ...(frames === 0 && verified.length > 0 ? [] : [`${count(frames, 'frame')} found as recorded`]),
    ...(differing === 0 ? [] : [`${count(differing, 'file')} that differ from the recording, not kept`]),
    ...(undecodable === 0 ? [] : [`${count(undecodable, 'file')} as undecodable as recorded`]),
    ...(differing + undecodable === 0 ? ['nothing wrong'] : []),
  ];
  return [`Verified: ${facts.join(', ')}`];
}

/** How many files of which kind, where there are several, and how many of them this run has only found. */
function kindLines({ files, alreadyMade }: Report): string[] {
  const kinds = [...Map.groupBy(files, ({ kind }) => kind)];
  const facts = kinds.length < 2 ? [] : kinds.map(([kind, { length }]) => kindCount(kind, length));
  if (alreadyMade.length > 0) facts.push(`${count(alreadyMade.length, 'file')} made before`);
  return facts.length === 0 ? [] : [`  ${facts.join(' · ')}`];
}

/** Of what is many in one file: the kind after a number would be read as their count. */
const IN_ONE: Partial<Readonly<Record<ReportedFile['kind'], string>>> = {
  turns: 'list',
  captions: 'file',
  chapters: 'list',
  scenes: 'list',
};

function kindCount(kind: ReportedFile['kind'], files: number): string {
  const one = IN_ONE[kind];
  return one === undefined ? `${files} ${kind}` : `${count(files, one)} of ${kind}`;
}

/** How many files have a track that one of the problems is about. */
function filesConcerned(files: Report['files'], problems: Report['problems']): number {
  const concerned = new Set(problems.map(({ trackId, sessionId }) => JSON.stringify([trackId, sessionId])));
  const isConcerned = ({ trackId, sessionId }: { readonly trackId: string; readonly sessionId: string }) =>
    concerned.has(JSON.stringify([trackId, sessionId])) ||
    concerned.has(JSON.stringify([trackId, undefined]));
  return files.filter((file) => tracksBehind(file).some(isConcerned)).length;
}

function troubleLines(report: Report, options: SummaryOptions): string[] {
  const { colours } = options;
  const failed = report.failures.map((failure) => {
    const note = noteOf(failure, failure.message);
    return { ...note, who: note.who === '' ? 'everybody' : note.who };
  });
  const hints = [...new Set(report.failures.flatMap(({ hint }) => hint?.split('\n') ?? []))];
  const reported = new Set(report.failures.map(({ message }) => message));
  const damage = report.problems
    .filter(({ severity, message }) => severity === 'damage' && !reported.has(message))
    .map((problem) => noteOf(trackOf(problem, report), problem.message));
  return [
    ...noteLines(failed, options).map(colours.red),
    ...hints.map((hint) => `  ${printable(hint)}`),
    ...beginningOf(noteLines(damage, options), options).map(colours.yellow),
  ];
}

/** Enough to see what is wrong, as thousands of entries may be; a file that failed is always named. */
const MOST_NOTES = 20;

function beginningOf(lines: readonly string[], { verbose }: SummaryOptions): readonly string[] {
  if (verbose || lines.length <= MOST_NOTES) return lines;
  const rest = `  and ${lines.length - MOST_NOTES} more: --verbose lists them`;
  return [...lines.slice(0, MOST_NOTES), rest];
}

function fileLines(files: readonly ReportedFile[], { output, verbose, colours }: SummaryOptions): string[] {
  const columns: Column<ReportedFile>[] = [
    { title: '', align: 'right', cell: ({ durationMs }) => clock(durationMs) },
    { title: '', align: 'right', cell: ({ byteLength }) => formatBytes(byteLength) },
    { title: '', cell: (file) => printable(placeOf(output, file.path)) },
  ];
  const rows = renderTable(columns, files, undefined).lines.slice(1);
  return rows.flatMap((row, position) => {
    const file = files[position];
    const details = verbose && file ? tracksIn(file).map((track) => packetLine(file, track)) : [];
    return [`  ${row}`, ...details.map((line) => colours.dim(`    ${line}`))];
  });
}

function packetLine(
  { offsetMs }: ReportedFile,
  { packets, frames, codec, segments }: ReturnType<typeof tracksIn>[number],
): string {
  const counts = Object.entries(packets).flatMap(([name, amount]) =>
    amount > 0 ? [`${amount} ${name}`] : [],
  );
  const facts = [
    codec,
    `from ${clock(offsetMs)}`,
    count(segments, 'segment'),
    count(frames, 'frame'),
    `packets: ${counts.join(', ')}`,
  ];
  return facts.join(' · ');
}

function noteLines(each: readonly Note[], { verbose }: SummaryOptions): string[] {
  const notes = verbose ? each : together(each);
  const widest = (cell: (note: Note) => string) =>
    notes.reduce((most, note) => Math.max(most, displayWidth(cell(note))), 0);
  const whoWidth = widest(({ who }) => who);
  const kindWidth = widest(({ kind }) => kind);
  return notes.map(({ who, kind, text }) => {
    // What concerns the archive as a whole has no columns to stand in.
    if (who === '' && kind === '') return `  ${text}`;
    return `  ${pad(who, whoWidth)}  ${pad(kind, kindWidth)}  ${text}`;
  });
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
