import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly wallSeconds: number;
  /** Peak resident memory, MiB; undefined where /proc does not tell. */
  readonly peakMiB: number | undefined;
}

/** A whole process: its command line, and what must hold of its exit. */
export interface Work {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly before?: (() => void) | undefined;
}

const SAMPLE_MS = 10;

/** Runs one process to its end, throwing its output away. */
export async function measure({ name, command: [program, ...args], before }: Work): Promise<Measured> {
  before?.();
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  let peakMiB: number | undefined;
  const sampler = setInterval(() => {
    peakMiB = peakOf(child.pid) ?? peakMiB;
  }, SAMPLE_MS);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('exit', resolve);
  });
  clearInterval(sampler);
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${complaint}`);
  return { wallSeconds: (performance.now() - startedAt) / 1000, peakMiB };
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** Runs all works in turn, round after round, so that a machine that changes its speed changes it for all. */
export async function rounds(works: readonly Work[], count: number): Promise<Map<string, Measured[]>> {
  const results = new Map<string, Measured[]>(works.map(({ name }) => [name, []]));
  for (let round = 0; round <= count; round++) {
    for (const work of works) {
      const measured = await measure(work);
      if (round > 0) results.get(work.name)?.push(measured);
    }
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
