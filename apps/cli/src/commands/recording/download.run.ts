import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFor, type Delivered } from '@rawreel/delivery';
import type { ListedRecording } from '@rawreel/recording-control';
import { formatBytes, jsonText, printable } from '@rawreel/text';
import type { Context } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import type { OptionsOf } from '../../declare/option.ts';
import type { Program } from '../../declare/program.ts';
import { EXIT, exitCodeOf, worst } from '../../exit-codes.ts';
import { printReport, reportOf } from '../../make/print-report.ts';
import { needFolder, selectionOf } from '../../options/recordings.ts';
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
  if (options.process) return await processAll(selected, options, context, program);
  return await keepAll(selected, options, context);
};

interface Kept {
  readonly recording: ListedRecording;
  readonly path: string;
  readonly byteLength: number;
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
    // It is there whole or not at all.
    const there = skipExisting ? await stat(path).catch(() => undefined) : undefined;
    if (there?.isFile()) {
      kept.push({ recording, path, byteLength: there.size });
      continue;
    }
    try {
      const { byteLength } = await downloadFile(recording.url, path, {
        ...cache,
        signal: context.signal,
        onProgress: transfer.onTransfer,
      });
      kept.push({ recording, path, byteLength });
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
    return [recording, join(folder, ...parts)];
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
  stdout.write(`${coloursFor(stdout, env).bold(head)} (${formatBytes(bytes)})\n`);
  for (const line of lines) stdout.write(`  ${line}\n`);
}

async function processAll(
  selected: readonly ListedRecording[],
  options: Options,
  context: Context,
  program: Program,
): Promise<number> {
  const all: { readonly recording: ListedRecording; readonly made: Delivered }[] = [];
  for (const recording of selected) {
    const made = await processRecording(recording, options, context, program);
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
