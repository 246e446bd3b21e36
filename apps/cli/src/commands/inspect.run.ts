import { resolve } from 'node:path';
import type { EntryLocation } from '@rawreel/archive';
import type { Inspection } from '@rawreel/processor';
import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Run } from '../declare/command.ts';
import type { OptionsOf } from '../declare/option.ts';
import { EXIT } from '../exit-codes.ts';
import { inspectionText } from '../inspection/inspection-text.ts';
import { type OpenedToInspect, openToInspect } from '../inspection/open-to-inspect.ts';
import {
  asJson,
  FRAME_HEADING,
  frameText,
  PACKET_HEADING,
  packetText,
  printLines,
} from '../inspection/print-lines.ts';
import { writeWhole } from '../inspection/write-file.ts';
import { problemLines } from '../listing/problem-lines.ts';
import { unknownId } from '../make/plan-media.ts';
import { inputOf } from '../options/input.ts';
import { filterOf } from '../options/track-filter.ts';
import { coloursFor } from '../terminal/colour.ts';
import { widthOf } from '../terminal/width.ts';
import type { inspect } from './inspect.ts';

type Options = OptionsOf<typeof inspect.options>;

/** Prints what happened in a call on stdout, and what is wrong with the archive on stderr. */
export const run: Run<typeof inspect> = async (options, context) => {
  const filter = filterOf(options);
  await using opened = await openToInspect(options, context);
  try {
    return await inspectOpened(opened, options, context);
  } catch (error) {
    throw (filter && (await unknownId(error, filter, inputOf(options)))) ?? error;
  }
};

async function inspectOpened(
  { recording, filter }: OpenedToInspect,
  options: Options,
  context: Context,
): Promise<number> {
  const { signal, packages, stdout, env } = context;
  const processor = await packages.processor();
  const reading = {
    ...filter,
    anonymous: options.anonymous,
    signal,
    maxEntrySize: options.maxEntrySize,
    fetch: (dumps: readonly EntryLocation[], fetchSignal?: AbortSignal) =>
      recording.fetch(dumps, fetchSignal),
  };
  const { json, packets, frames } = options;
  const placed = (file: string | undefined) => file && resolve(context.machine.workingFolder, file);
  const [html, pcap, csv] = [placed(options.html), placed(options.pcap), placed(options.csv)];
  if (packets || frames) {
    if (packets)
      await printLines(
        processor.packetsOf(recording, reading),
        json ? undefined : PACKET_HEADING,
        json ? asJson : packetText,
        stdout,
      );
    if (frames)
      await printLines(
        processor.framesOf(recording, reading),
        json ? undefined : FRAME_HEADING,
        json ? asJson : frameText,
        stdout,
      );
    return EXIT.whole;
  }
  const inspection = await processor.inspectRecording(recording, { ...reading, workers: options.workers });
  if (html !== undefined)
    await writeWhole(html, [processor.htmlOf(inspection, { composite: options.composite })], signal);
  if (pcap !== undefined) await writeWhole(pcap, processor.captureRecording(recording, reading), signal);
  if (csv !== undefined) await writeWhole(csv, processor.csvOf(inspection), signal);
  if (json) stdout.write(jsonText(inspection));
  else {
    const look = { colours: coloursFor(stdout, env), width: widthOf(stdout), verbose: options.verbose };
    stdout.write(inspectionText(inspection, inputOf(options), look));
    const written = [options.html, options.pcap, options.csv].filter((file) => file !== undefined);
    if (written.length > 0) stdout.write(`Written: ${written.map(printable).join(', ')}\n`);
  }
  return tellOfDamage(inspection, options, context);
}

function tellOfDamage({ problems }: Inspection, options: Options, { stderr, env }: Context): number {
  const { quiet, verbose, acceptDamage } = options;
  const colours = coloursFor(stderr, env);
  if (!quiet)
    for (const line of problemLines(problems, verbose))
      stderr.write(`${colours.yellow('rawreel:')} ${line}\n`);
  const damaged = problems.some(({ severity }) => severity === 'damage');
  return damaged && !acceptDamage ? EXIT.damaged : EXIT.whole;
}
