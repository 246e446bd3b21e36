import { basename } from 'node:path';
import type { EntryLocation } from '@rawreel/archive';
import type { Inspection } from '@rawreel/processor';
import { formatBytes, jsonText } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Run } from '../declare/command.ts';
import type { OptionsOf } from '../declare/option.ts';
import { EXIT, worst } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import { compareText } from '../inspection/compare-text.ts';
import {
  filesLine,
  type InspectionFiles,
  inspectionFiles,
  type Source,
} from '../inspection/inspection-files.ts';
import { inspectionText } from '../inspection/inspection-text.ts';
import { openToInspect } from '../inspection/open-to-inspect.ts';
import {
  asJson,
  FRAME_HEADING,
  frameText,
  PACKET_HEADING,
  packetText,
  printLines,
} from '../inspection/print-lines.ts';
import { checkPagePlace } from '../inspection/write-page.ts';
import { problemLines } from '../listing/problem-lines.ts';
import { unknownId } from '../make/plan-media.ts';
import { heldInput } from '../make/spool-stdin.ts';
import { type Input, inputOrWord } from '../options/input.ts';
import { filterOf } from '../options/track-filter.ts';
import { coloursFor } from '../terminal/colour.ts';
import { percent } from '../terminal/format-values.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { StatusLine } from '../terminal/status-line.ts';
import { widthOf } from '../terminal/width.ts';
import type { inspect } from './inspect.ts';

type Options = OptionsOf<typeof inspect.options>;

/** Prints what happened in a call on stdout, and what is wrong with the archive on stderr. */
export const run: Run<typeof inspect> = async (options, context, program) => {
  const input = inputOrWord(options.recording, options);
  if (options.html !== undefined) checkPagePlace(options.html, '--html');
  if (options.packets || options.frames) checkLinesAlone(options);
  if (options.skipExisting && [options.html, options.pcap, options.csv].every((file) => file === undefined))
    throw new UsageError('--skip-existing is for files: there is no --html, --pcap or --csv');
  if (options.other !== undefined)
    return await compare([input, { ...input, path: options.other }], options, context);
  return await opened(input, options, context, async (source) => {
    if (options.packets || options.frames) return await print(source, options, context);
    const files = await inspectionFiles(source, options, context, program);
    const [before] = files.kept;
    if (before !== undefined && files.missing.length === 0 && !options.json) {
      context.stdout.write(filesLine(files));
      return tellOfDamage(before, options, context);
    }
    const inspection = await inspectionOf(source, options, context);
    await files.write(inspection);
    return tell(inspection, input, files, options, context);
  });
};

/** @throws UsageError for what is asked for beside lines of packets or frames, and would not be made */
function checkLinesAlone(options: Options): void {
  const lines = options.packets ? '--packets' : '--frames';
  const beside = (['html', 'pcap', 'csv'] as const).find((name) => options[name] !== undefined);
  const other = options.packets && options.frames ? 'frames' : beside;
  if (other !== undefined)
    throw new UsageError(`${lines} and --${other} do not go together`, [
      'Run inspect once for each of them.',
    ]);
}

/** @throws CliError for an id that nobody has */
async function opened<Result>(
  input: Input,
  options: Options,
  context: Context,
  use: (source: Source) => Promise<Result>,
): Promise<Result> {
  const { signal, packages } = context;
  const wanted = filterOf(options);
  await using held = await heldInput(input, context);
  await using source = await openToInspect(held, options, context);
  const { recording, filter } = source;
  const reading = {
    ...filter,
    anonymous: options.anonymous,
    signal,
    maxEntrySize: options.maxEntrySize,
    fetch: (dumps: readonly EntryLocation[], fetchSignal?: AbortSignal) =>
      recording.fetch(dumps, fetchSignal),
  };
  try {
    return await use({ processor: await packages.processor(), recording, reading });
  } catch (error) {
    throw (wanted && (await unknownId(error, wanted, input))) ?? error;
  }
}

/** On a terminal it says how far it is. */
async function inspectionOf(
  { processor, recording, reading }: Source,
  { workers, quiet, progress }: Options,
  context: Context,
): Promise<Inspection> {
  const line = new StatusLine(context);
  const total = recording.tracks
    .flatMap(({ segments }) => segments)
    .reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);
  const read = new Map<number, number>();
  try {
    return await processor.inspectRecording(recording, {
      ...reading,
      workers,
      onProgress: (event) => {
        if (event.type !== 'scan-progress' || quiet || !progress) return;
        read.set(event.track, event.bytes);
        const bytes = [...read.values()].reduce((sum, each) => sum + each, 0);
        line.show(
          () => `Reading ${percent(Math.min(1, bytes / Math.max(1, total)))} of ${formatBytes(total)}`,
        );
      },
    });
  } finally {
    line.clear();
  }
}

/** Lines of packets, or of frames. */
async function print(
  { processor, recording, reading }: Source,
  { json, packets, frames }: Options,
  { stdout }: Context,
): Promise<number> {
  if (packets) {
    const lines = processor.packetLinesOf(recording, reading);
    await printLines(lines, json ? undefined : PACKET_HEADING, json ? asJson : packetText, stdout);
  }
  if (frames) {
    const lines = processor.frameLinesOf(recording, reading);
    await printLines(lines, json ? undefined : FRAME_HEADING, json ? asJson : frameText, stdout);
  }
  return EXIT.whole;
}

function tell(
  inspection: Inspection,
  input: Input,
  files: InspectionFiles,
  options: Options,
  context: Context,
): number {
  const { stdout, env } = context;
  const { json, verbose } = options;
  if (json) stdout.write(jsonText(inspection));
  else {
    stdout.write(
      inspectionText(inspection, input, {
        colours: coloursFor(stdout, env),
        width: widthOf(stdout),
        verbose,
      }),
    );
    stdout.write(filesLine(files));
  }
  return tellOfDamage(inspection, options, context);
}

/** Two recordings side by side. */
async function compare(inputs: readonly Input[], options: Options, context: Context): Promise<number> {
  const { stdout, env } = context;
  const asked = (['html', 'pcap', 'csv'] as const).find((name) => options[name] !== undefined);
  if (asked !== undefined || options.packets || options.frames)
    throw new UsageError('two recordings can be compared as a table or as JSON only', [
      'Name one recording.',
    ]);
  const compared: { name: string; inspection: Inspection }[] = [];
  const addresses = inputs.map(({ path }) => redactedAddress(path));
  const names = addresses.map((address) => basename(address));
  // Recordings of one name are told apart by where they are.
  const isNameEnough = new Set(names).size === names.length;
  for (const [index, input] of inputs.entries()) {
    const inspection = await opened(input, options, context, (source) =>
      inspectionOf(source, options, context),
    );
    compared.push({ name: (isNameEnough ? names : addresses)[index] ?? '', inspection });
  }
  if (options.json) stdout.write(jsonText({ version: 1, recordings: compared }));
  else stdout.write(compareText(compared, widthOf(stdout), coloursFor(stdout, env)));
  return worst(compared.map(({ inspection }) => tellOfDamage(inspection, options, context)));
}

function tellOfDamage(
  { problems }: Pick<Inspection, 'problems'>,
  options: Options,
  { stderr, env }: Context,
): number {
  const { quiet, verbose, acceptDamage } = options;
  const colours = coloursFor(stderr, env);
  if (!quiet)
    for (const line of problemLines(problems, verbose))
      stderr.write(`${colours.yellow('rawreel:')} ${line}\n`);
  const damaged = problems.some(({ severity }) => severity === 'damage');
  return damaged && !acceptDamage ? EXIT.damaged : EXIT.whole;
}
