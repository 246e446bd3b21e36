import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Ffmpeg, NoFfmpeg } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { ProcessorDoor } from '../doors.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Check } from './check.ts';
import { type FfmpegUse, ffmpegUses } from './ffmpeg-uses.ts';

export interface FfmpegCheck extends Check {
  readonly name: 'ffmpeg';
  /** Commands that cannot do what they are for, as they are typed. */
  readonly fails: readonly string[];
}

/**
 * @param folder where outputs will go
 * @param all whether also what works is told
 */
export async function checkFfmpeg(folder: string, all: boolean, around: Surroundings): Promise<FfmpegCheck> {
  const { doors, env, machine, signal } = around;
  const processor = await doors.processor();
  const ffmpeg = await processor.lookForFfmpeg(env.FFMPEG_PATH || undefined, signal);
  signal.throwIfAborted();
  const encoders = 'version' in ffmpeg ? ffmpeg.encoders : [];
  const path = await whereIs(ffmpeg.path, env.PATH);
  const hidden = 'version' in ffmpeg && (await isHiddenFromSnap(folder, path, env.HOME));
  const works = ({ encoder }: FfmpegUse) =>
    'version' in ffmpeg && !hidden && (encoder === undefined || encoders.includes(encoder));
  const uses = ffmpegUses(processor);
  const failing = uses.filter((use) => !works(use));
  const filler = fillerLine(encoders, processor);
  const advice = [
    ...(hidden ? snapLines(folder) : []),
    ...failing.map((use) => `fails: ${useLine(use)}`),
    ...(all ? uses.filter(works).map((use) => `works: ${useLine(use)}`) : []),
    ...(filler === undefined ? [] : [filler]),
    ...('version' in ffmpeg ? [] : [installAdvice(ffmpeg, machine.platform)]),
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

/** Pictures come through a pipe, so that what ffmpeg sees of files is all the same to them. */
function fillerLine(
  encoders: Ffmpeg['encoders'],
  { PICTURE_ENCODERS }: Pick<ProcessorDoor, 'PICTURE_ENCODERS'>,
): string | undefined {
  const lacking = Object.entries(PICTURE_ENCODERS).filter(([, encoder]) => !encoders.includes(encoder));
  if (lacking.length === 0) return undefined;
  const list = lacking.map(([codec, encoder]) => `${codec.toUpperCase()} (${encoder})`).join(', ');
  return `no black pictures for ${list}: while a camera is off, its last picture stands`;
}

function whyNone({ reason, message }: NoFfmpeg, path: string, asked: string | undefined): string {
  if (asked) return `FFMPEG_PATH names ${printable(asked)}: ${message}`;
  return reason === 'missing' ? 'not on the PATH' : `${printable(path)}: ${message}`;
}

function installAdvice({ reason }: NoFfmpeg, platform: string): string {
  const install =
    platform === 'darwin'
      ? 'To install: brew install ffmpeg'
      : platform === 'win32'
        ? 'To install: winget install ffmpeg'
        : 'On Debian or Ubuntu: apt-get install ffmpeg';
  return reason === 'missing' ? install : `Name another one with FFMPEG_PATH. ${install}`;
}

/** A bare name as the file that the system would run. */
async function whereIs(command: string, searchPath = ''): Promise<string> {
  if (basename(command) !== command) return command;
  for (const folder of searchPath.split(delimiter)) {
    const candidate = join(folder, command);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this one.
    }
  }
  return command;
}

/** snapd's AppArmor interface `home`: files of the home folder, but for what begins with a dot in it, and for snap/. */
async function isHiddenFromSnap(folder: string, ffmpeg: string, home: string | undefined): Promise<boolean> {
  const program = await real(ffmpeg);
  if (![ffmpeg, program].some((path) => path.startsWith('/snap/')) && program !== SNAP) return false;
  if (!home) return true;
  const [first = ''] = relative(await real(home), await real(folder)).split(sep);
  // In the home folder itself, unfinished files would lie in a folder that begins with a dot.
  return first === '' || first.startsWith('.') || first === 'snap' || isAbsolute(first);
}

/** What /snap/bin/ffmpeg is a link to, and others may be. */
const SNAP = '/usr/bin/snap';

/** As it is where nothing is there yet. */
const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

const snapLines = (folder: string): string[] => [
  'It is a snap, which sees only files in your home folder, and none in its hidden folders:',
  `not those in ${printable(folder)}. Choose an --output that it sees, or name another ffmpeg with FFMPEG_PATH.`,
];
