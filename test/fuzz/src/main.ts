import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FINDINGS, writeInput } from './corpus.ts';
import type { FuzzResult } from './engine.ts';
import { targetNamed, targets } from './targets/index.ts';
import type { Assignment } from './worker.ts';

/** Slow inputs are found by the engine itself; this is for those that never come back. */
const STUCK_MS = 20_000;
const INPUT_ROOM = 256 * 1024;

/** Fuzzes in a thread of its own, so that an input which hangs can be told and ended. */
function fuzzInThread(target: string, seconds: number, seed: number): Promise<FuzzResult> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const input = new Uint8Array(new SharedArrayBuffer(INPUT_ROOM));
  const workerData: Assignment = { target, seconds, seed, state, input };
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    let seen = -1;
    let movedAt = performance.now();
    const watchdog = setInterval(() => {
      const executions = Atomics.load(state, 0);
      if (executions !== seen) {
        seen = executions;
        movedAt = performance.now();
        return;
      }
      if (performance.now() - movedAt < STUCK_MS) return;
      clearInterval(watchdog);
      const stuckAt = input.slice(0, state[1]);
      const reason = `hang: did not come back in ${STUCK_MS} ms`;
      void worker.terminate();
      const elapsed = (performance.now() - startedAt) / 1000;
      resolve({
        target,
        executions,
        seconds: elapsed,
        novel: 0,
        findings: [{ target, input: stuckAt, reason }],
      });
    }, 1000);
    worker.on('message', (result: FuzzResult) => {
      clearInterval(watchdog);
      resolve(result);
    });
    worker.on('error', (error) => {
      clearInterval(watchdog);
      reject(error);
    });
  });
}

function tell({ target, executions, seconds, novel, findings }: FuzzResult): void {
  const cells = [
    target.padEnd(9),
    String(executions).padStart(10),
    Math.round(executions / seconds)
      .toLocaleString('en')
      .padStart(9),
    String(novel).padStart(7),
    String(findings.length).padStart(9),
  ];
  console.log(cells.join('  '));
  for (const { input, reason } of findings) {
    const path = writeInput(FINDINGS, target, input);
    console.log(`  ${path}\n    ${reason.split('\n').slice(0, 4).join('\n    ')}`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() % 2 ** 32 : Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('usage: node test/fuzz/src/main.ts [--seconds N] [--seed N] [target…]');
  process.exit(2);
}
const names = positionals.length > 0 ? positionals : targets.map(({ name }) => name);
for (const name of names) targetNamed(name);
console.log(`seed ${seed}, ${seconds} s each\ntarget     executions  per sec.    novel   findings`);
let found = 0;
for (const name of names) {
  const result = await fuzzInThread(name, seconds, seed);
  found += result.findings.length;
  tell(result);
}
process.exit(found > 0 ? 1 : 0);
