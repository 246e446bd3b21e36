import { join } from 'node:path';
import type { MadeTranscript, ProcessorError, Utterance } from '@rawreel/processor';
import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../declare/command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import { displayNamesOf } from '../make/display-names.ts';
import { clockTenths, count } from '../terminal/format-values.ts';
import type { transcript } from './transcript.ts';

export const run: Run<typeof transcript> = async (options, context, { version }) => {
  const { kit, transcriptions, again, names, output, search, json, quiet, progress, overwrite } = options;
  const { signal, stdout, stderr, env, packages } = context;
  if (again && options.with === undefined)
    throw new UsageError('--again is for --with: there is no command to run again');
  const processor = await packages.processor();
  const made = await processor.makeTranscript({
    kit,
    transcriptions,
    output,
    again,
    search,
    overwrite,
    resume: options.skipExisting ? 'keep' : undefined,
    names: (await displayNamesOf(names, processor)) ?? {},
    command: options.with === undefined ? undefined : commandOf(options.with, processor.readCommandTemplate),
    madeBy: `rawreel ${version}`,
    ffmpegPath: env.FFMPEG_PATH || undefined,
    signal,
    onVoice: (userId, number, total) => {
      if (!quiet && progress && !json)
        stderr.write(`Transcribing ${printable(userId)} (${number} of ${total})\n`);
    },
  });
  if (json) stdout.write(jsonText(made));
  else {
    if (!quiet) stdout.write(summaryOf(made, output ?? kit));
    if (made.found !== undefined) stdout.write(momentsOf(made.found));
  }
  const missing = made.participants.filter(({ transcription }) => transcription === undefined);
  if (!json)
    for (const { userId, voice } of missing)
      stderr.write(`No transcription of ${printable(userId)}: none is named like ${printable(voice)}\n`);
  return missing.length > 0 ? EXIT.failed : EXIT.whole;
};

function commandOf<Command>(line: string, read: (line: string) => Command): Command {
  try {
    return read(line);
  } catch (error) {
    const { message, hint } = error as ProcessorError;
    throw new UsageError(`--with: ${printable(message)}`, [hint]);
  }
}

function momentsOf(found: readonly Utterance[]): string {
  const lines = found.map(
    ({ startMs, speaker, text }) =>
      `  ${clockTenths(startMs).padStart(9)}  ${printable(speaker)}: ${printable(text.replaceAll('\n', ' '))}\n`,
  );
  return `${count(found.length, 'moment')}\n${lines.join('')}`;
}

function summaryOf({ files, alreadyMade, participants, leftOut }: MadeTranscript, folder: string): string {
  const utterances = files[0]?.utterances ?? 0;
  const spoken = participants.filter((each) => each.utterances > 0);
  const who = spoken.map((each) => `${printable(each.name)} ${each.utterances}`).join(', ');
  const lines = [
    `${count(utterances, 'utterance')} of ${count(spoken.length, 'participant')}${who === '' ? '' : `: ${who}`}`,
    ...(alreadyMade.length === 0 ? [] : [`  ${count(alreadyMade.length, 'file')} made before`]),
    ...files.map(({ path }) => `  ${printable(join(folder, path))}`),
    ...(leftOut === 0
      ? []
      : [
          `${count(leftOut, 'cue')} left out: without words, without usable times, or behind the end of the voice`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
