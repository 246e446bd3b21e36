import { join } from 'node:path';
import { cacheFor, type Delivered } from '@rawreel/delivery';
import type { ListedRecording } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { chosenRecordings } from '../../control/chosen.ts';
import { connectToCall } from '../../control/connect.ts';
import { harmless } from '../../control/harmless.ts';
import { processRecording, withoutLink } from '../../control/process-recording.ts';
import type { DownloadSettings } from '../../declare/control-settings.ts';
import { EXIT, exitCodeOf, worst } from '../../exit-codes.ts';
import { remoteOf } from '../../remote/open-input.ts';
import { tellTransfer } from '../../remote/tell-transfer.ts';
import type { Surroundings } from '../../surroundings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import { byteSize, count } from '../../terminal/units.ts';
import { printReport, reportOf } from '../make.ts';

export async function downloadRecordings(
  settings: DownloadSettings,
  around: Surroundings,
  madeBy: string,
): Promise<number> {
  const connected = await connectToCall(settings, around);
  const chosen = await chosenRecordings(connected, settings.choice, around);
  if (settings.process) return await processAll(chosen, settings, around, madeBy);
  return await keepAll(chosen, settings, around);
}

interface Kept {
  readonly recording: ListedRecording;
  readonly path: string;
  readonly byteLength: number;
}

async function keepAll(
  chosen: readonly ListedRecording[],
  settings: DownloadSettings,
  around: Surroundings,
): Promise<number> {
  const paths = pathsFor(chosen, settings.output);
  const { downloadFile } = await around.doors.storage();
  const cache = await cacheFor(await remoteOf(settings.remote), around.doors);
  const told = tellTransfer(settings.quiet, around);
  const kept: Kept[] = [];
  for (const [recording, path] of paths) {
    try {
      const { byteLength } = await downloadFile(recording.url, path, {
        ...cache,
        signal: around.signal,
        onProgress: told.onTransfer,
      });
      kept.push({ recording, path, byteLength });
    } finally {
      told.pause();
    }
  }
  if (settings.json) {
    const files = kept.map(({ recording, ...file }) => ({ recording: withoutLink(recording), ...file }));
    around.stdout.write(jsonText(files));
  } else if (!settings.quiet) printKept(kept, settings.output, around);
  return EXIT.whole;
}

/** By file name, below the session where two sessions share one. */
function pathsFor(
  chosen: readonly ListedRecording[],
  folder: string,
): readonly (readonly [ListedRecording, string])[] {
  const names = Map.groupBy(chosen, ({ filename }) => filename);
  return chosen.map((recording) => {
    const { session, filename } = recording;
    const isAlone = names.get(filename)?.length === 1;
    const parts = (isAlone ? [filename] : [session, filename]).map(harmless);
    return [recording, join(folder, ...parts)];
  });
}

function printKept(kept: readonly Kept[], output: string, { stdout, env }: Surroundings): void {
  const bytes = kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const folder = `${printable(output).replace(/[\\/]+$/, '')}/`;
  const head = `${count(kept.length, 'recording')} in ${folder}`;
  const columns: Column<Kept>[] = [
    { title: '', align: 'right', cell: ({ byteLength }) => byteSize(byteLength) },
    { title: '', cell: ({ path }) => printable(path) },
  ];
  const lines = renderTable(columns, kept, undefined).lines.slice(1);
  stdout.write(`${coloursFor(stdout, env).bold(head)} (${byteSize(bytes)})\n`);
  for (const line of lines) stdout.write(`  ${line}\n`);
}

async function processAll(
  chosen: readonly ListedRecording[],
  settings: DownloadSettings,
  around: Surroundings,
  madeBy: string,
): Promise<number> {
  const all: { readonly recording: ListedRecording; readonly made: Delivered }[] = [];
  for (const recording of chosen) {
    const made = await processRecording(recording, settings, around, madeBy);
    all.push({ recording, made });
    if (settings.json) continue;
    if (chosen.length > 1 && !settings.quiet) around.stdout.write(`${printable(recording.filename)}\n`);
    printReport(made, settings, around);
  }
  if (settings.json) {
    const reports = all.map(({ recording, made }) => ({
      recording: withoutLink(recording),
      report: reportOf(made),
    }));
    around.stdout.write(jsonText(reports));
  }
  return worst(all.map(({ made }) => exitCodeOf(made.report, settings.acceptDamage)));
}
