import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Ended } from '../command-line/run-command.ts';
import { filesBelow, type Sandbox } from '../command-line/sandbox.ts';
import { check, fail } from '../engine/check.ts';

const run = promisify(execFile);

/** 0 made, 1 could not be made, 3 made of a damaged archive: never 2, as the command line itself is right. */
const EXITS: ReadonlySet<number | null> = new Set([0, 1, 3]);

const STACK = /^\s+at .+:\d+:\d+\)?$/m;
/** What a mistake in a program looks like in its own words. */
const MISTAKE =
  /ERR_UNEXPECTED|Cannot read|Cannot destructure|is not (?:a function|iterable|defined|a constructor)|\bundefined\b|\bNaN\b|\bInfinity\b|\[object |Invalid time value|Invalid array length|call stack/;
/** All that a terminal may take for more than text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

export interface ReportedFile {
  readonly path: string;
  readonly kind: string;
  readonly byteLength: number;
  readonly verified?: { readonly decodes: boolean };
}

export interface Report {
  readonly files: readonly ReportedFile[];
  readonly failures: readonly { readonly code: string; readonly message: string }[];
  readonly problems: readonly { readonly code: string; readonly severity: string }[];
  readonly damaged: boolean;
}

/** How a run has ended and what it has said, whatever the command. */
export function checkEnd({ exitCode, signal, stdout, stderr, excess }: Ended): void {
  check(excess === undefined, () => `the command ${excess}`);
  check(signal === null, () => `ended by ${signal}\n${stderr}`);
  check(EXITS.has(exitCode), () => `exit ${exitCode}\n${stderr}`);
  for (const said of [stdout, stderr]) {
    check(!STACK.test(said), () => `a stack trace\n${said}`);
    const mistake = MISTAKE.exec(said);
    check(mistake === null, () => `says ${mistake?.[0]}\n${said.slice(-2000)}`);
    const control = CONTROL.exec(said)?.[0].codePointAt(0)?.toString(16);
    check(
      control === undefined,
      () => `a control character on the terminal "${control}"\n${said.slice(-2000)}`,
    );
  }
}

/** What is on the disk afterwards: finished outputs in their folder, and nothing else anywhere. */
export async function checkDisk(sandbox: Sandbox, diskBytes: number): Promise<void> {
  const strays = await sandbox.strays();
  check(strays.length === 0, () => `files outside the output folder "${strays.join()}"`);
  const left = (await filesBelow(sandbox.output)).map((path) => relative(sandbox.output, path));
  const unfinished = left.filter((path) => path.startsWith('.') || path.includes('/'));
  check(unfinished.length === 0, () => `left in the output folder "${unfinished.join()}"`);
  const bytes = await sandbox.bytesWritten();
  check(bytes <= diskBytes, () => `${bytes} bytes written for ${sandbox.inputBytes}`);
}

/** A report holds together with the exit status and with what is in the folder. */
export async function checkReport(report: Report, exitCode: number | null, output: string): Promise<void> {
  const { files, failures, problems, damaged } = report;
  check(
    damaged === problems.some(({ severity }) => severity === 'damage'),
    'damaged is not what its problems say',
  );
  const expected = failures.length > 0 || files.length === 0 ? 1 : damaged ? 3 : 0;
  check(exitCode === expected, () => `exit ${exitCode} with a report that means ${expected}`);
  const differing = failures.find(({ code }) => code === 'ERR_OUTPUT_DIFFERS');
  check(differing === undefined, () => `withheld as different from its source\n${differing?.message}`);
  const there = (await filesBelow(output))
    .map((path) => basename(path))
    .filter((name) => name !== 'manifest.json');
  const told = files.map(({ path }) => path);
  check(same(there, told), () => `reports other files than there are "${told.join()}" "${there.join()}"`);
  const manifest =
    files.length === 0 ? undefined : JSON.parse(await readFile(join(output, 'manifest.json'), 'utf8'));
  const listed: readonly ReportedFile[] = manifest?.files ?? [];
  check(
    same(
      listed.map(({ path }) => path),
      told,
    ),
    'a manifest of other files than the report’s',
  );
  for (const { path, byteLength } of files)
    check((await stat(join(output, path))).size === byteLength, `a file of another length than reported`);
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join('\n') === [...other].sort().join('\n');

/** Demuxers and muxers of what is made here: what they say is about the file, not about what was recorded in it. */
const ABOUT_FILE = /^\[(?:matroska|webm|wav|mp3|flac|mov)[^\]]*\].*$/m;
/** Of packets that wait for another track's: one may begin weeks later. */
const QUEUE = ['-max_muxing_queue_size', '1000000'];
const ABOUT_NULL = /^\[null @.*\n?/gm;

/** Every medium in the folder can be read to its end, and where it was verified as decodable, decoded. */
export async function checkMedia(files: readonly ReportedFile[], output: string): Promise<void> {
  for (const { path, kind, verified } of files) {
    if (kind === 'turns') continue;
    const decoded = verified?.decodes === true || extname(path) === '.wav';
    const codec = decoded ? [] : ['-c', 'copy'];
    const input = `file:${join(output, path)}`;
    const args = [
      '-v',
      'repeat+error',
      '-nostdin',
      '-i',
      input,
      '-map',
      '0',
      ...codec,
      ...QUEUE,
      '-f',
      'null',
      '-',
    ];
    const { stderr } = await run('ffmpeg', args).catch((error) =>
      fail(`ffmpeg gives up on a file\n${error}`),
    );
    const said = stderr.replace(ABOUT_NULL, '');
    const complaint = decoded ? said : (ABOUT_FILE.exec(said)?.[0] ?? '');
    check(complaint === '', () => `ffmpeg complains of a file\n${path}: ${complaint.slice(0, 1000)}`);
  }
}
