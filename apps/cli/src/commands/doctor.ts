import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import type { Ffmpeg } from '@rawreel/processor';
import { jsonText, printable } from '@rawreel/text';
import type { DoctorSettings } from '../declare/settings.ts';
import { EXIT } from '../exit-codes.ts';
import type { Surroundings } from '../surroundings.ts';
import { coloursFor, hasColours } from '../terminal/colour.ts';
import { byteSize } from '../terminal/units.ts';
import { isAtLeast, packageFacts } from '../version.ts';

export type CheckState = 'ok' | 'limited' | 'missing';

export interface Check {
  readonly name: 'node' | 'ffmpeg' | 'room' | 'terminal';
  /** `limited`: works, with the restriction that `advice` names. `missing`: does not work. */
  readonly state: CheckState;
  readonly found: string;
  readonly advice?: string;
}

/** What a black frame of each codec is encoded with; any one of a line will do. */
const FILLER_ENCODERS: readonly { readonly codec: string; readonly encoders: readonly string[] }[] = [
  { codec: 'VP8', encoders: ['libvpx'] },
  { codec: 'VP9', encoders: ['libvpx-vp9'] },
  { codec: 'H264', encoders: ['libx264'] },
  { codec: 'AV1', encoders: ['libaom-av1', 'libsvtav1'] },
];

/** An hour of one 720p camera, and as much again for its unfinished files. */
const LITTLE_ROOM = 1e9;

export async function doctor(settings: DoctorSettings, around: Surroundings): Promise<number> {
  const { findFfmpeg } = await around.doors.processor();
  const { version, minimumNode } = packageFacts();
  const checks = [
    checkNode(around.machine.nodeVersion, minimumNode),
    await checkFfmpeg(await findFfmpeg(around.env.FFMPEG_PATH || undefined), around),
    await checkRoom(settings.output ?? around.machine.workingFolder, settings.output !== undefined),
    checkTerminal(around),
  ];
  const usable = checks.every(({ state }) => state !== 'missing');
  const { stdout, machine } = around;
  if (settings.json) {
    const { platform, arch } = machine;
    stdout.write(jsonText({ version, platform, arch, usable, checks }));
  } else {
    const colours = coloursFor(stdout, around.env);
    const paint = { ok: (text: string) => text, limited: colours.yellow, missing: colours.red };
    const nameWidth = Math.max(...checks.map(({ name }) => name.length));
    const lines = checks.flatMap(({ name, state, found, advice }) => [
      `  ${name.padEnd(nameWidth)}  ${paint[state](state.padEnd('limited'.length))}  ${found}`,
      ...(advice === undefined ? [] : [`  ${' '.repeat(nameWidth + 11)}${advice}`]),
    ]);
    const verdict = usable ? 'This machine can run rawreel.' : 'This machine cannot run rawreel yet.';
    stdout.write(
      `${colours.bold(verdict)} (rawreel ${version}, ${machine.platform} ${machine.arch})\n${lines.join('\n')}\n`,
    );
  }
  return usable ? EXIT.whole : EXIT.failed;
}

function checkNode(version: string, minimum: string): Check {
  const state = isAtLeast(version, minimum) ? 'ok' : 'missing';
  const found = `${version}, needs ${minimum} or later`;
  return state === 'ok'
    ? { name: 'node', state, found }
    : { name: 'node', state, found, advice: 'https://nodejs.org' };
}

async function checkFfmpeg(ffmpeg: Ffmpeg | undefined, { machine, env }: Surroundings): Promise<Check> {
  if (ffmpeg === undefined) {
    const asked = env.FFMPEG_PATH;
    return {
      name: 'ffmpeg',
      state: 'limited',
      found: asked ? `FFMPEG_PATH names ${asked}, which is no ffmpeg` : 'not on the PATH',
      advice: `Only black filler needs it: without, camera-off time stays open. ${installAdvice(machine.platform)}`,
    };
  }
  const found = `${ffmpeg.version}, ${printable(await whereIs(ffmpeg.path, env.PATH))}`;
  const lacking = FILLER_ENCODERS.filter(
    ({ encoders }) => !encoders.some((each) => ffmpeg.encoders.includes(each)),
  );
  if (lacking.length === 0) return { name: 'ffmpeg', state: 'ok', found };
  const list = lacking.map(({ codec, encoders }) => `${codec} (${encoders.join(' or ')})`).join(', ');
  return {
    name: 'ffmpeg',
    state: 'limited',
    found,
    advice: `No black filler for ${list}: no such encoder in it.`,
  };
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

function installAdvice(platform: string): string {
  if (platform === 'darwin') return 'To install: brew install ffmpeg';
  if (platform === 'win32') return 'To install: winget install ffmpeg';
  return 'On Debian or Ubuntu: apt-get install ffmpeg';
}

/** Unfinished files lie beside the outputs, so their folder is the one that counts. */
async function checkRoom(folder: string, asked: boolean): Promise<Check> {
  const name = 'room';
  try {
    const place = await nearestFolder(folder);
    await access(place, constants.W_OK);
    const { bavail, bsize } = await statfs(place);
    const free = bavail * bsize;
    const found = `${byteSize(free)} free for outputs in ${printable(place)}`;
    if (free >= LITTLE_ROOM) return { name, state: 'ok', found };
    return {
      name,
      state: 'limited',
      found,
      advice: 'That is little: --output can name a folder on another disk.',
    };
  } catch (error) {
    const found = `nothing can be written to ${printable(folder)} (${(error as NodeJS.ErrnoException).code})`;
    // Without --output the working folder is only a guess at where outputs will go.
    return {
      name,
      state: asked ? 'missing' : 'limited',
      found,
      advice: 'Choose another folder with --output.',
    };
  }
}

/** The folder itself, or the one that it would be made in. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch (error) {
    const parent = dirname(resolve(folder));
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === resolve(folder)) throw error;
    return await nearestFolder(parent);
  }
}

function checkTerminal({ stdout, stderr, env }: Surroundings): Check {
  const colours = hasColours(stdout, env) ? 'colours' : 'no colours';
  const bars = stderr.isTTY ? 'progress bars' : 'plain progress lines';
  const what = stdout.isTTY ? `${stdout.columns ?? 80} columns` : 'output is no terminal';
  return { name: 'terminal', state: 'ok', found: `${what}, ${colours}, ${bars}` };
}
