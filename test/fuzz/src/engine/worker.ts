import { parentPort, workerData } from 'node:worker_threads';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { SharedInput } from './shared-input.ts';
import type { Target } from './target.ts';

export interface WorkerTask {
  /** URL of a module that exports `targets`. */
  readonly module: string;
  readonly target: string;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  readonly milliseconds?: number;
  readonly executions?: number;
  readonly shared: SharedArrayBuffer;
}

export interface WorkerResult {
  readonly report: FuzzReport;
}

/** A function: top-level code that never ends would be reported on the terminal besides. */
async function main(task: WorkerTask): Promise<void> {
  const { targets } = (await import(task.module)) as { targets: readonly Target[] };
  const target = targets.find(({ name }) => name === task.target);
  if (target === undefined) throw new RangeError(`${task.module} has no target "${task.target}"`);
  const shared = new SharedInput(task.shared);
  const report = await fuzz(target, {
    seed: task.seed,
    corpus: task.corpus,
    ...(task.milliseconds === undefined ? {} : { milliseconds: task.milliseconds }),
    ...(task.executions === undefined ? {} : { executions: task.executions }),
    onInput: (input) => shared.begin(input),
    onExecuted: (novel) => shared.executed(novel),
  });
  const result: WorkerResult = { report };
  parentPort?.postMessage(result);
}

void main(workerData as WorkerTask);
