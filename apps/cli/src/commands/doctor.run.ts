import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatBytes, jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Run } from '../declare/command.ts';
import type { Check } from '../doctor/check.ts';
import { checkFfmpeg } from '../doctor/check-ffmpeg.ts';
import { checkNames } from '../doctor/check-names.ts';
import { EXIT } from '../exit-codes.ts';
import { canRedraw, coloursFor, hasColours } from '../terminal/colour.ts';
import { widthOf } from '../terminal/width.ts';
import { isAtLeast, packageFacts } from '../version.ts';
import type { doctor } from './doctor.ts';

/** An hour of one 720p camera, and as much again for its unfinished files. */
const LITTLE_ROOM = 1e9;

/** Exits with 1 where rawreel cannot run, and with 0 where it can, though it may name commands that fail. */
export const run: Run<typeof doctor> = async ({ output, json, verbose }, context) => {
  const { version, minimumNode } = packageFacts();
  const folder = output ?? context.machine.workingFolder;
  const ffmpeg = await checkFfmpeg(folder, verbose, context);
  const checks: readonly Check[] = [
    checkNode(context.machine.nodeVersion, minimumNode),
    ffmpeg,
    await checkNames(context),
    await checkRoom(folder, output !== undefined),
    checkTerminal(context),
  ];
  const usable = checks.every(({ state }) => state !== 'missing');
  const { stdout, machine } = context;
  if (json) {
    const { platform, arch } = machine;
    stdout.write(jsonText({ version, platform, arch, usable, checks }));
  } else {
    const colours = coloursFor(stdout, context.env);
    const paint = { ok: (text: string) => text, limited: colours.yellow, missing: colours.red };
    const nameWidth = Math.max(...checks.map(({ name }) => name.length));
    const lines = checks.flatMap(({ name, state, found, advice }) => [
      `  ${name.padEnd(nameWidth)}  ${paint[state](state.padEnd('limited'.length))}  ${found}`,
      ...(advice?.split('\n') ?? []).map((line) => `  ${' '.repeat(nameWidth + 11)}${line}`),
    ]);
    const part = ffmpeg.fails.length > 0 ? ', but some commands will fail' : '';
    const verdict = usable ? `This machine can run rawreel${part}.` : 'This machine cannot run rawreel yet.';
    stdout.write(
      `${colours.bold(verdict)} (rawreel ${version}, ${machine.platform} ${machine.arch})\n${lines.join('\n')}\n`,
    );
  }
  return usable ? EXIT.whole : EXIT.failed;
};

function checkNode(version: string, minimum: string): Check {
  const state = isAtLeast(version, minimum) ? 'ok' : 'missing';
  const found = `${version}, needs ${minimum} or later`;
  return state === 'ok'
    ? { name: 'node', state, found }
    : { name: 'node', state, found, advice: 'https://nodejs.org' };
}

/** Unfinished files lie beside the outputs, so their folder is the one that counts. */
async function checkRoom(folder: string, asked: boolean): Promise<Check> {
  const name = 'room';
  try {
    const place = await nearestFolder(folder);
    await access(place, constants.W_OK);
    const { bavail, bsize } = await statfs(place);
    const free = bavail * bsize;
    const found = `${formatBytes(free)} free for outputs in ${printable(place)}`;
    if (free >= LITTLE_ROOM) return { name, state: 'ok', found };
    return {
      name,
      state: 'limited',
      found,
      advice: 'Little space is left: choose an --output on another disk.',
    };
  } catch (error) {
    const found = `cannot write to ${printable(folder)} (${(error as NodeJS.ErrnoException).code})`;
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

function checkTerminal({ stdout, stderr, env }: Context): Check {
  const colours = hasColours(stdout, env) ? 'colours' : 'no colours';
  const bars = canRedraw(stderr, env) ? 'progress bars' : 'plain progress lines';
  const what = stdout.isTTY ? `${widthOf(stdout)} columns` : 'output is not a terminal';
  return { name: 'terminal', state: 'ok', found: `${what}, ${colours}, ${bars}` };
}
