import { join } from 'node:path';
import { cacheFor, type Delivered } from '@rawreel/delivery';
import type { ListedRecording } from '@rawreel/recording-control';
import { isAddress } from '@rawreel/storage/address';
import { formatBytes, jsonText, printable } from '@rawreel/text';
import type { Context } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import type { OptionsOf } from '../../declare/option.ts';
import type { Program } from '../../declare/program.ts';
import { EXIT, exitCodeOf, worst } from '../../exit-codes.ts';
import { ARCHIVE } from '../../make/archive-names.ts';
import { printReport, reportOf } from '../../make/print-report.ts';
import { needFolder, type Selection, selectionOf } from '../../options/recordings.ts';
import { remoteSettings } from '../../options/remote.ts';
import { remoteOf } from '../../remote/open-input.ts';
import { showTransfer } from '../../remote/transfer-progress.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import { processRecording, withoutLink } from '../../stream/process-recording.ts';
import { safeFileName } from '../../stream/safe-file-name.ts';
import { selectRecordings } from '../../stream/select-recordings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/format-values.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import type { recordingDownload } from './download.ts';

type Options = OptionsOf<typeof recordingDownload.options>;

export const run: Run<typeof recordingDownload> = async (options, context, program) => {
  const selection = selectionOf(options);
  if (!options.process) needFolder(options.output);
  const connected = await connectToCall(options, context);
  const selected = await selectRecordings(connected, selection, context);
  if (options.process) return await processAll(selected, selection, options, context, program);
  return await keepAll(selected, options, context);
};

interface Kept {
  readonly recording: ListedRecording;
  readonly path: string;
  readonly byteLength: number;
  /** As an earlier run has left it. */
  readonly alreadyThere: boolean;
}

async function keepAll(
  selected: readonly ListedRecording[],
  options: Options,
  context: Context,
): Promise<number> {
  const { output, json, quiet, progress, skipExisting } = options;
  const paths = pathsFor(selected, output);
  const { downloadFile } = await context.packages.storage();
  const cache = await cacheFor(await remoteOf(remoteSettings(options)), context.packages);
  const transfer = showTransfer(quiet || !progress, context);
  const kept: Kept[] = [];
  for (const [recording, path] of paths) {
    try {
      const { byteLength, isKept: alreadyThere } = await downloadFile(recording.url, path, {
        ...cache,
        keepExisting: skipExisting,
        signal: context.signal,
        onProgress: transfer.onTransfer,
      });
      kept.push({ recording, path, byteLength, alreadyThere });
    } finally {
      transfer.pause();
    }
  }
  if (json) {
    const files = kept.map(({ recording, ...file }) => ({ recording: withoutLink(recording), ...file }));
    context.stdout.write(jsonText(files));
  } else if (!quiet) printKept(kept, output, context);
  return EXIT.whole;
}

/** By file name, below the session where two sessions share one. */
function pathsFor(
  selected: readonly ListedRecording[],
  folder: string,
): readonly (readonly [ListedRecording, string])[] {
  const names = Map.groupBy(selected, ({ filename }) => filename);
  return selected.map((recording) => {
    const { session, filename } = recording;
    const isAlone = names.get(filename)?.length === 1;
    const parts = (isAlone ? [filename] : [session, filename]).map(safeFileName);
    return [
      recording,
      isAddress(folder) ? [folder.replace(/\/+$/, ''), ...parts].join('/') : join(folder, ...parts),
    ];
  });
}

function printKept(kept: readonly Kept[], output: string, { stdout, env }: Context): void {
  const bytes = kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const folder = `${printable(output).replace(/[\\/]+$/, '')}/`;
  const head = `${count(kept.length, 'recording')} in ${folder}`;
  const columns: Column<Kept>[] = [
    { title: '', align: 'right', cell: ({ byteLength }) => formatBytes(byteLength) },
    { title: '', cell: ({ path }) => printable(path) },
  ];
  const lines = renderTable(columns, kept, undefined).lines.slice(1);
  const before = kept.filter(({ alreadyThere }) => alreadyThere).length;
  const size = `(${formatBytes(bytes)}${before === 0 ? '' : `, ${before} there before`})`;
  stdout.write(`${coloursFor(stdout, env).bold(head)} ${size}\n`);
  for (const line of lines) stdout.write(`  ${line}\n`);
}

/** Of one that is meant alone the files go right into the output; of what could be several each has a folder. */
function foldersFor(
  selected: readonly ListedRecording[],
  selection: Selection,
  output: string,
): readonly (readonly [ListedRecording, string])[] {
  const isOne =
    selection.which === 'latest' || (selection.which === 'named' && selection.filename !== undefined);
  if (isOne) return selected.map((recording) => [recording, output]);
  return pathsFor(selected, output).map(([recording, path]) => [recording, path.replace(ARCHIVE, '')]);
}

async function processAll(
  selected: readonly ListedRecording[],
  selection: Selection,
  options: Options,
  context: Context,
  program: Program,
): Promise<number> {
  const all: { readonly recording: ListedRecording; readonly made: Delivered }[] = [];
  for (const [recording, output] of foldersFor(selected, selection, options.output)) {
    const made = await processRecording(recording, { ...options, output }, context, program);
    all.push({ recording, made });
    if (options.json) continue;
    if (selected.length > 1 && !options.quiet) context.stdout.write(`${printable(recording.filename)}\n`);
    printReport(made, options, context);
  }
  if (options.json) {
    const reports = all.map(({ recording, made }) => ({
      recording: withoutLink(recording),
      report: reportOf(made),
    }));
    context.stdout.write(jsonText(reports));
  }
  return worst(all.map(({ made }) => exitCodeOf(made.report, options.acceptDamage)));
}
