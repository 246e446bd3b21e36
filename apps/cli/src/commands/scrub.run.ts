import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatBytes, printable } from '@rawreel/text';
import type { Run } from '../declare/command.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import { openToInspect } from '../inspection/open-to-inspect.ts';
import { writeWhole } from '../inspection/write-file.ts';
import { heldInput } from '../make/spool-stdin.ts';
import type { scrub } from './scrub.ts';

const EVERYBODY = { userId: [], sessionId: [], trackId: [] };

/** Writes an emptied copy of a recording. */
export const run: Run<typeof scrub> = async (
  { recording: path, copy, overwrite, skipExisting, ...options },
  context,
  { version },
) => {
  const { signal, packages, stdout, machine } = context;
  const say = (text: string) => options.quiet || stdout.write(`${printable(copy)}: ${text}\n`);
  const place = resolve(machine.workingFolder, copy);
  if (place === resolve(machine.workingFolder, path))
    throw new UsageError('the copy would replace the recording', ['Name another file.']);
  // Of two recordings that a pattern stands for, the second is no copy.
  if (!overwrite && !skipExisting && (await stat(place).catch(() => undefined))?.isFile())
    throw new CliError(`${printable(copy)} is there already`, {
      code: 'ERR_OUTPUT_EXISTS',
      hints: ['It was not touched. Name another file, or replace it with --overwrite.'],
    });
  await using input = await heldInput({ flag: '--input-file', path }, context);
  await using opened = await openToInspect(input, { ...options, ...EVERYBODY }, context);
  const { recording } = opened;
  const { scrubRecording, NamedFiles } = await packages.processor();
  const reading = {
    signal,
    maxEntrySize: options.maxEntrySize,
    fetch: recording.fetch,
  };
  const file = { kind: 'scrubbed', format: 'zip', path: place } as const;
  const files = skipExisting
    ? await NamedFiles.of(recording, { ...reading, madeBy: `rawreel ${version}` })
    : undefined;
  if ((await files?.madeBefore(file, overwrite)) !== undefined) {
    say('made before of the same recording, and kept');
    return EXIT.whole;
  }
  await writeWhole(place, scrubRecording(recording, reading), signal);
  await files?.add(file, []);
  say(`${formatBytes((await stat(place)).size)}, nothing in it to be seen or heard`);
  return EXIT.whole;
};
