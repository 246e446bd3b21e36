import type { Ffmpeg, NoFfmpeg } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { ProcessorPackage } from '../lazy-packages.ts';
import type { Check } from './check.ts';
import { type FfmpegUse, ffmpegUses } from './ffmpeg-uses.ts';

export interface FfmpegCheck extends Check {
  readonly name: 'ffmpeg';
  /** Commands that cannot do what they are for, as they are typed. */
  readonly fails: readonly string[];
}

/**
 * @param folder where outputs will go
 * @param all whether to list also what works
 */
export async function checkFfmpeg(folder: string, all: boolean, context: Context): Promise<FfmpegCheck> {
  const { packages, env, machine, signal } = context;
  const processor = await packages.processor();
  const ffmpeg = await processor.lookForFfmpeg(env.FFMPEG_PATH || undefined, signal);
  signal.throwIfAborted();
  const encoders = 'version' in ffmpeg ? ffmpeg.encoders : [];
  const path = await processor.whereIs(ffmpeg.path, env.PATH);
  const hidden = 'version' in ffmpeg && (await processor.isHiddenFromSnap(folder, path, env.HOME));
  const works = ({ encoder }: FfmpegUse) =>
    'version' in ffmpeg && !hidden && (encoder === undefined || encoders.includes(encoder));
  const uses = ffmpegUses(processor);
  const failing = uses.filter((use) => !works(use));
  const filler = fillerLine(encoders, processor);
  const advice = [
    ...(hidden ? snapLines(folder) : []),
    ...failing.map((use) => `fails: ${useLine(use)}`),
    ...(all ? uses.filter(works).map((use) => `works: ${useLine(use)}`) : []),
    ...(all && 'version' in ffmpeg ? await hardwareLines(ffmpeg, context, processor) : []),
    ...(filler === undefined ? [] : [filler]),
    ...('version' in ffmpeg ? [] : [installAdvice(ffmpeg, processor.howToInstallFfmpeg(machine.platform))]),
  ];
  return {
    name: 'ffmpeg',
    state: failing.length === 0 && filler === undefined ? 'ok' : 'limited',
    found:
      'version' in ffmpeg ? `${ffmpeg.version}, ${printable(path)}` : whyNone(ffmpeg, path, env.FFMPEG_PATH),
    ...(advice.length > 0 && { advice: advice.join('\n') }),
    fails: failing.flatMap(({ commands }) => commands),
  };
}

function useLine({ encoder, commands, otherwise }: FfmpegUse): string {
  const facts = [encoder, otherwise && `${otherwise} needs no ffmpeg`].filter(Boolean).join('; ');
  return `${commands.join(', ')}${facts && ` (${facts})`}`;
}

/** What could encode composites faster; each that this ffmpeg has is tried. */
async function hardwareLines(
  ffmpeg: Ffmpeg,
  { signal }: Context,
  { hardwareEncodersOf, tryEncoder }: Pick<ProcessorPackage, 'hardwareEncodersOf' | 'tryEncoder'>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const encoder of hardwareEncodersOf(ffmpeg)) {
    const works = await tryEncoder(encoder, ffmpeg.path, signal);
    signal.throwIfAborted();
    lines.push(works ? `works: composite --encoder ${encoder}` : `not on this machine: ${encoder}`);
  }
  return lines;
}

/** Pictures come through a pipe, so that what ffmpeg sees of files is all the same to them. */
function fillerLine(
  encoders: Ffmpeg['encoders'],
  { lackingPictures }: Pick<ProcessorPackage, 'lackingPictures'>,
): string | undefined {
  const lacking = lackingPictures(encoders);
  if (lacking.length === 0) return undefined;
  return `cannot make black pictures for ${lacking.join(', ')}: while a camera is off, its last picture stays`;
}

function whyNone({ reason, message }: NoFfmpeg, path: string, asked: string | undefined): string {
  if (asked) return `FFMPEG_PATH is ${printable(asked)}: ${message}`;
  return reason === 'missing' ? 'not on the PATH' : `${printable(path)}: ${message}`;
}

function installAdvice({ reason }: NoFfmpeg, install: string): string {
  return reason === 'missing' ? install : `Choose another one with FFMPEG_PATH. ${install}`;
}

const snapLines = (folder: string): string[] => [
  'This ffmpeg is a snap, which sees only your home folder without its hidden folders,',
  `and so not ${printable(folder)}. Choose another --output, or another ffmpeg with FFMPEG_PATH.`,
];
