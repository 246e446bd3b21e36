import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from './sandbox.ts';

const COMMAND = fileURLToPath(new URL('../../../../apps/cli/bin/rawreel.js', import.meta.url));
const PROBE = new URL('usage-probe.mjs', import.meta.url).href;

const LOOK_EVERY_MS = 200;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** What one run may take. */
export interface Limits {
  readonly processorSeconds: number;
  /** However busy the machine is. */
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the process by itself, without ffmpeg; 0 where it could not tell. */
  readonly mostMemoryBytes: number;
  /** Why it was ended before its time. */
  readonly excess: string | undefined;
}

/** Runs the real command and ends it where it takes more than it may. */
export async function runCommand(args: readonly string[], sandbox: Sandbox, limits: Limits): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', PROBE, COMMAND, ...args], {
    cwd: sandbox.work,
    env: sandbox.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that what it has started ends with it.
    detached: true,
  });
  const ended = once(child, 'close');
  const controller = new AbortController();
  const watched = watch(child, sandbox, limits, controller.signal);
  const [[exitCode, signal], stdout, stderr, usage] = await Promise.all([
    ended.finally(() => controller.abort()),
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
  ]);
  const mostMemoryBytes = usage === '' ? 0 : JSON.parse(usage).maxRSS * 1024;
  return { exitCode, signal, stdout, stderr, mostMemoryBytes, excess: await watched };
}

async function watch(
  child: ChildProcess,
  sandbox: Sandbox,
  limits: Limits,
  signal: AbortSignal,
): Promise<string | undefined> {
  const started = performance.now();
  while (!signal.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const excess = await excessOf(child.pid, performance.now() - started, sandbox, limits);
    if (excess === undefined) continue;
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    return excess;
  }
  return undefined;
}

async function excessOf(
  pid: number | undefined,
  elapsedMs: number,
  sandbox: Sandbox,
  { processorSeconds, seconds, memoryBytes, diskBytes }: Limits,
): Promise<string | undefined> {
  if (elapsedMs > seconds * 1000) return `takes longer than ${seconds} s`;
  if ((await sandbox.bytesWritten()) > diskBytes) return `writes more than ${diskBytes >> 20} MiB`;
  const { cpuSeconds, residentBytes } = await seenOf(pid);
  if (cpuSeconds > processorSeconds) return `takes more than ${processorSeconds} s of processor time`;
  return residentBytes > memoryBytes ? `takes more than ${memoryBytes >> 20} MiB of memory` : undefined;
}

/** As Linux tells it; elsewhere the command itself tells its memory at its end. */
async function seenOf(pid: number | undefined): Promise<{ cpuSeconds: number; residentBytes: number }> {
  try {
    const [statText, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/status`, 'latin1'),
    ]);
    // Fields 14 and 15, user and system; the name before them may hold blanks.
    const fields = statText.slice(statText.lastIndexOf(')') + 2).split(' ');
    const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
      residentBytes: kilobytes * 1024,
    };
  } catch {
    return { cpuSeconds: 0, residentBytes: 0 };
  }
}
