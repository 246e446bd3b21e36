import { Worker } from 'node:worker_threads';
import { type Finding, type FindingKind, findingOf } from './finding.ts';
import type { FuzzReport } from './fuzz.ts';
import { minimize } from './minimize.ts';
import { SharedInput } from './shared-input.ts';
import type { Framing } from './target.ts';
import type { WorkerResult, WorkerTask } from './worker.ts';

export interface WatchOptions {
  /** URL of a module that exports `targets`. */
  readonly module: string;
  readonly target: string;
  readonly framing?: Framing | undefined;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  readonly milliseconds: number;
  /** Of one input; 2 s unless told. */
  readonly limitMs?: number | undefined;
  /** Of this process above what it takes when the worker starts; 512 MiB unless told. */
  readonly limitBytes?: number;
}

const LIMIT_MS = 2000;
const LIMIT_BYTES = 512 * 1024 * 1024;
const LOOK_EVERY_MS = 50;
/** An input that waits for something instead of computing has no time of the processor to be measured by. */
const IDLE_FACTOR = 10;
const MINIMIZE_ATTEMPTS = 24;
const MOST_RESTARTS = 10;

/**
 * Fuzzes in a worker and watches it: an input that does not end, or takes too much memory, ends the worker and is a
 * finding; a new worker goes on with another seed for the time that is left.
 *
 * Time is the processor's, not the wall's: on a busy machine an innocent input may be kept waiting for seconds.
 */
export async function watch(options: WatchOptions): Promise<FuzzReport> {
  const deadline = performance.now() + options.milliseconds;
  const findings = new Map<string, Finding>();
  let total: FuzzReport = { executions: 0, novel: 0, outputs: 0, slowestMs: 0, findings: [] };
  for (let round = 0; round <= MOST_RESTARTS; round += 1) {
    const milliseconds = Math.max(1, deadline - performance.now());
    const outcome = await runWorker(options, { seed: options.seed + round, milliseconds });
    total = added(total, outcome);
    for (const finding of outcome.findings) {
      if (!findings.has(finding.signature)) findings.set(finding.signature, await smaller(finding, options));
    }
    if (!outcome.ended || performance.now() >= deadline) break;
  }
  return { ...total, findings: [...findings.values()] };
}

/** A worker's report, or what can be told of one that had to be ended. */
interface Outcome extends FuzzReport {
  readonly ended: boolean;
}

function runWorker(
  options: WatchOptions,
  task: Pick<WorkerTask, 'seed' | 'milliseconds'> & { readonly only?: Uint8Array },
): Promise<Outcome> {
  const shared = new SharedInput();
  const workerData: WorkerTask = {
    module: options.module,
    target: options.target,
    corpus: task.only === undefined ? options.corpus : [task.only],
    seed: task.seed,
    ...(task.milliseconds === undefined ? {} : { milliseconds: task.milliseconds }),
    ...(task.only === undefined ? {} : { executions: 1 }),
    shared: shared.buffer,
  };
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    const end = (kind: FindingKind, error: unknown): void => {
      clearInterval(timer);
      void worker.terminate();
      const finding = findingOf(options.target, kind, error, shared.input());
      const { executions, novel } = shared;
      resolve({ executions, novel, outputs: 0, slowestMs: 0, findings: [finding], ended: true });
    };
    const guard = new Guard(shared, options);
    const timer = setInterval(() => {
      const excess = guard.look();
      if (excess !== undefined) end(excess.kind, new Error(excess.message));
    }, LOOK_EVERY_MS);
    worker.on('message', ({ report }: WorkerResult) => {
      clearInterval(timer);
      resolve({ ...report, ended: false });
    });
    worker.on('error', (error) => {
      const outOfMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      end(outOfMemory ? 'memory' : 'failure', error);
    });
    // Behind a message this changes nothing: the promise is settled.
    worker.on('exit', () => end('hang', new Error('waits for something that never comes')));
  });
}

/** Looks at a worker from outside. */
class Guard {
  readonly #shared: SharedInput;
  readonly #limitMs: number;
  readonly #limitBytes: number;
  readonly #startBytes = process.memoryUsage.rss();
  #execution = -1;
  #since = 0;
  #cpuSince = 0;

  constructor(shared: SharedInput, options: WatchOptions) {
    this.#shared = shared;
    this.#limitMs = options.limitMs ?? LIMIT_MS;
    this.#limitBytes = options.limitBytes ?? LIMIT_BYTES;
  }

  look(): { kind: FindingKind; message: string } | undefined {
    const bytes = process.memoryUsage.rss() - this.#startBytes;
    if (bytes > this.#limitBytes) {
      return { kind: 'memory', message: `takes more than ${this.#limitBytes / 1024 / 1024} MiB` };
    }
    const { executions } = this.#shared;
    const now = performance.now();
    const cpu = cpuMs();
    if (executions !== this.#execution || executions === 0) {
      this.#execution = executions;
      this.#since = now;
      this.#cpuSince = cpu;
      return undefined;
    }
    const hangs = cpu - this.#cpuSince > this.#limitMs || now - this.#since > IDLE_FACTOR * this.#limitMs;
    return hangs ? { kind: 'hang', message: `takes longer than ${this.#limitMs} ms` } : undefined;
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function added(total: FuzzReport, outcome: Outcome): FuzzReport {
  return {
    executions: total.executions + outcome.executions,
    novel: total.novel + outcome.novel,
    outputs: total.outputs + outcome.outputs,
    slowestMs: Math.max(total.slowestMs, outcome.slowestMs),
    findings: [],
  };
}

/** Failures come minimized; what ends its worker is tried in a new one each time, so only a few tries are made. */
async function smaller(finding: Finding, options: WatchOptions): Promise<Finding> {
  if (finding.kind === 'failure') return finding;
  const input = await minimize(
    finding.input,
    async (only) => {
      const outcome = await runWorker(options, { seed: options.seed, only });
      return outcome.findings.some(({ kind }) => kind === finding.kind);
    },
    { framing: options.framing, attempts: MINIMIZE_ATTEMPTS },
  );
  return { ...finding, input };
}
