import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'rawreel.js');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Kind = 'audio' | 'video';

/** The built program in a process of its own. */
export async function rawreel(
  args: readonly string[],
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onStart(child);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}

export interface SaidProblem {
  readonly code: string;
  readonly severity: 'damage' | 'notice';
  readonly message: string;
  readonly userId?: string;
  readonly trackId?: string;
}

export interface SaidFile {
  readonly kind: Kind;
  readonly path: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly codec: string;
  readonly startsAt: string;
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly byteLength: number;
  readonly sha256: string;
  readonly frames: number;
  readonly sizes?: readonly { readonly width: number; readonly height: number }[];
  readonly rotation?: number;
  readonly packets: { readonly received: number; readonly lost: number; readonly recovered: number };
  readonly gaps: readonly {
    readonly startMs: number;
    readonly endMs: number;
    readonly reason: string;
    readonly filledWith: string;
  }[];
}

/** One participant's sound and picture. */
export interface SaidMuxed
  extends Pick<
    SaidFile,
    'path' | 'userId' | 'sessionId' | 'startsAt' | 'offsetMs' | 'durationMs' | 'byteLength' | 'sha256'
  > {
  readonly kind: 'muxed';
  readonly tracks: readonly { readonly kind: Kind; readonly trackId: string }[];
}

/** Everybody's sound in one file. */
export interface SaidMix extends Omit<SaidMuxed, 'kind' | 'userId' | 'sessionId' | 'tracks'> {
  readonly kind: 'mix';
  readonly channels: number;
  readonly tracks: readonly { readonly trackId: string }[];
}

/** Standard output of a run with `--json`: a report, or an error. */
export interface Said<File = SaidFile> {
  readonly files?: readonly File[];
  readonly alreadyMade?: readonly string[];
  readonly failures?: readonly { readonly code: string; readonly message: string }[];
  readonly problems?: readonly SaidProblem[];
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

export interface Extracted extends Ended {
  readonly kind: Kind;
  readonly said: Said;
}

/** One of the extract commands with `--json`. */
export async function extract(
  kind: Kind,
  input: readonly string[],
  output: string,
  more: readonly string[] = [],
): Promise<Extracted> {
  const ended = await rawreel([`extract-${kind}`, ...input, '--output', output, '--json', ...more]);
  return { kind, ...ended, said: JSON.parse(ended.stdout) as Said };
}

interface SaidBy {
  readonly 'mux-av': SaidMuxed;
  readonly 'mix-audio': SaidMix;
  readonly 'process-all': SaidFile | SaidMuxed | SaidMix;
}

/** One of the other commands that make media, with `--json`. */
export async function make<Command extends keyof SaidBy>(
  command: Command,
  input: readonly string[],
  output: string,
  more: readonly string[] = [],
): Promise<Ended & { readonly said: Said<SaidBy[Command]> }> {
  const ended = await rawreel([command, ...input, '--output', output, '--json', ...more]);
  return { ...ended, said: JSON.parse(ended.stdout) as Said<SaidBy[Command]> };
}

/** A folder for the length of a test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'rawreel-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
