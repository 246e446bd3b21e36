import { resolve } from 'node:path';
import type { Inspection, ManifestFile, NamedFile, ReadOptions } from '@rawreel/processor';
import { isAddress } from '@rawreel/storage/address';
import { printable } from '@rawreel/text';
import type { inspect } from '../commands/inspect.ts';
import type { Context } from '../context.ts';
import type { OptionsOf } from '../declare/option.ts';
import type { Program } from '../declare/program.ts';
import type { OpenedRecording, ProcessorPackage } from '../lazy-packages.ts';
import { remoteSettings } from '../options/remote.ts';
import { writeWhole } from './write-file.ts';
import { writePage } from './write-page.ts';

type Options = OptionsOf<typeof inspect.options>;

/** What is inspected, and how it is read. */
export interface Source {
  readonly processor: ProcessorPackage;
  readonly recording: OpenedRecording;
  readonly reading: ReadOptions;
}

interface AskedFile {
  /** As it was asked for. */
  readonly given: string;
  readonly write: (inspection: Inspection) => Promise<void>;
  /** Absent where it goes into a bucket, which has no say in what is kept. */
  readonly named?: NamedFile | undefined;
}

/** The files that are asked for beside what is printed. */
export interface InspectionFiles {
  readonly missing: readonly AskedFile[];
  /** Those that an earlier run has made, with what it found. */
  readonly kept: readonly (AskedFile & Pick<ManifestFile, 'problems'>)[];
  /** Writes those that are missing. */
  write(inspection: Inspection): Promise<void>;
}

/** @throws {ProcessorError} where, with `--skip-existing`, a file lies there that is not of this recording */
export async function inspectionFiles(
  source: Source,
  options: Options,
  context: Context,
  { version }: Program,
): Promise<InspectionFiles> {
  const { processor, recording, reading } = source;
  const asked = askedFiles(source, options, context);
  const files = options.skipExisting
    ? await processor.NamedFiles.of(recording, { ...reading, madeBy: `rawreel ${version}` })
    : undefined;
  const missing: AskedFile[] = [];
  const kept: (AskedFile & Pick<ManifestFile, 'problems'>)[] = [];
  for (const file of asked) {
    const before = file.named && (await files?.madeBefore(file.named, false));
    if (before === undefined) missing.push(file);
    else kept.push({ ...file, problems: before.problems });
  }
  return {
    missing,
    kept,
    async write(inspection) {
      for (const file of missing) {
        await file.write(inspection);
        if (file.named !== undefined) await files?.add(file.named, inspection.problems);
      }
    },
  };
}

function askedFiles(
  { processor, recording, reading }: Source,
  options: Options,
  context: Context,
): readonly AskedFile[] {
  const { html, pcap, csv, composite, anonymous } = options;
  const { signal, machine } = context;
  const placed = (file: string) => resolve(machine.workingFolder, file);
  const asked = (
    given: string | undefined,
    format: NamedFile['format'],
    way: object,
    write: (file: string, inspection: Inspection) => Promise<void>,
  ): AskedFile[] => {
    if (given === undefined) return [];
    const named = isAddress(given)
      ? undefined
      : ({ kind: 'inspection', format, path: placed(given), way } as const);
    return [{ given, named, write: (inspection) => write(given, inspection) }];
  };
  return [
    ...asked(html, 'html', { anonymous, composite }, (file, inspection) =>
      writePage(processor.htmlOf(inspection, { composite }), file, remoteSettings(options), context),
    ),
    ...asked(pcap, 'pcapng', { anonymous }, (file) =>
      writeWhole(placed(file), processor.captureRecording(recording, reading), signal),
    ),
    ...asked(csv, 'csv', { anonymous }, (file, inspection) =>
      writeWhole(placed(file), processor.csvOf(inspection), signal),
    ),
  ];
}

/** What was written and what was kept, in a line; nothing where no files were asked for. */
export function filesLine({ missing, kept }: InspectionFiles): string {
  const namesOf = (files: readonly AskedFile[]) => files.map(({ given }) => printable(given)).join(', ');
  const facts = [
    ...(missing.length === 0 ? [] : [`Written: ${namesOf(missing)}`]),
    ...(kept.length === 0 ? [] : [`Made before of the same recording, and kept: ${namesOf(kept)}`]),
  ];
  return facts.map((fact) => `${fact}\n`).join('');
}
