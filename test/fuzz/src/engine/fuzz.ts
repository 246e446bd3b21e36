import { check } from './check.ts';
import { type Finding, findingOf } from './finding.ts';
import { minimize } from './minimize.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateParts } from './mutate-parts.ts';
import { Novelty } from './novelty.ts';
import { Pool } from './pool.ts';
import { Random, seedOf } from './random.ts';
import type { Observation, Target } from './target.ts';

const MAX_LENGTH = 16 * 1024;
const MINIMIZE_ATTEMPTS = 3000;
/** A target with that many different findings has been found out. */
const MOST_FINDINGS = 10;

export interface FuzzOptions {
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  /** Either may end it; without both it goes on forever. */
  readonly milliseconds?: number;
  readonly executions?: number;
  /** Called before each execution, so that somebody else knows the input if it never ends. */
  readonly onInput?: (input: Uint8Array) => void;
  /** Called after each. */
  readonly onExecuted?: (novel: boolean) => void;
  readonly onFinding?: (finding: Finding) => void;
}

export interface FuzzReport {
  readonly executions: number;
  /** Inputs that showed something no other had shown. */
  readonly novel: number;
  /** Whole things that came out of all executions together. */
  readonly outputs: number;
  readonly slowestMs: number;
  readonly findings: readonly Finding[];
}

/**
 * Runs the corpus, then mutations of it, against one target, in this thread. What comes depends on seed and corpus
 * alone; how much of it, on the time.
 */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzReport> {
  const session = new FuzzSession(target, options);
  await session.run();
  return session.report();
}

class FuzzSession {
  readonly #target: Target;
  readonly #options: FuzzOptions;
  readonly #random: Random;
  readonly #novelty = new Novelty();
  readonly #pool: Pool;
  readonly #findings = new Map<string, Finding>();
  readonly #deadline: number;
  #executions = 0;
  #novel = 0;
  #outputs = 0;
  #slowestMs = 0;

  constructor(target: Target, options: FuzzOptions) {
    this.#target = target;
    this.#options = options;
    this.#random = new Random(seedOf(target.name, options.seed));
    this.#pool = new Pool(options.corpus);
    this.#deadline = performance.now() + (options.milliseconds ?? Number.POSITIVE_INFINITY);
  }

  async run(): Promise<void> {
    for (const input of this.#options.corpus) {
      if (!this.#goesOn()) return;
      await this.#execute(input);
    }
    while (this.#goesOn()) {
      const input = this.#mutate();
      if ((await this.#execute(input)) > 0) this.#pool.add(input, this.#random);
    }
  }

  report(): FuzzReport {
    return {
      executions: this.#executions,
      novel: this.#novel,
      outputs: this.#outputs,
      slowestMs: this.#slowestMs,
      findings: [...this.#findings.values()],
    };
  }

  #goesOn(): boolean {
    if (this.#executions >= (this.#options.executions ?? Number.POSITIVE_INFINITY)) return false;
    return this.#findings.size < MOST_FINDINGS && performance.now() < this.#deadline;
  }

  #mutate(): Uint8Array {
    const random = this.#random;
    const { maxLength = MAX_LENGTH } = this.#target;
    const input = this.#pool.pick(random);
    const other = this.#pool.pick(random);
    const mutated = this.#mutated(input, other);
    // A copy of its own: the pool must not keep what it was cut out of.
    return mutated.length > maxLength ? mutated.slice(0, maxLength) : mutated;
  }

  #mutated(input: Uint8Array, other: Uint8Array): Uint8Array {
    const random = this.#random;
    const { framing, words = [], mutate } = this.#target;
    if (mutate !== undefined && !random.oneIn(8)) return mutate(input, random, other);
    return framing !== undefined && !random.oneIn(3)
      ? mutateParts(input, framing, random, other, words)
      : mutateBytes(input, random, other, words);
  }

  /** How many features were new; 0 for one that failed, which is kept as a finding instead. */
  async #execute(input: Uint8Array): Promise<number> {
    this.#options.onInput?.(input);
    this.#novelty.begin();
    const started = performance.now();
    let error: unknown;
    let failed = false;
    try {
      await settled(this.#target, input, this.#novelty);
    } catch (caught) {
      error = caught;
      failed = true;
    }
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - started);
    this.#executions += 1;
    this.#outputs += this.#novelty.outputs;
    const fresh = failed ? 0 : this.#novelty.fresh;
    if (fresh > 0) this.#novel += 1;
    this.#options.onExecuted?.(fresh > 0);
    if (failed) await this.#keep(findingOf(this.#target.name, 'failure', error, input));
    return fresh;
  }

  async #keep(finding: Finding): Promise<void> {
    if (this.#findings.has(finding.signature)) return;
    this.#findings.set(finding.signature, finding);
    const smaller = await minimize(
      finding.input,
      async (candidate) => (await this.#failure(candidate))?.signature === finding.signature,
      { framing: this.#target.framing, attempts: this.#target.pace?.minimizeAttempts ?? MINIMIZE_ATTEMPTS },
    );
    const minimized = (await this.#failure(smaller)) ?? finding;
    this.#findings.set(finding.signature, minimized);
    this.#options.onFinding?.(minimized);
  }

  async #failure(input: Uint8Array): Promise<Finding | undefined> {
    this.#options.onInput?.(input);
    try {
      await settled(this.#target, input, new Novelty());
      return undefined;
    } catch (error) {
      return findingOf(this.#target.name, 'failure', error, input);
    }
  }
}

/**
 * Runs to its end. What an asynchronous reader leaves behind unsettled gets a turn to show itself, too.
 *
 * @throws what the target throws; CheckFailure where its input is not what it was
 */
export async function settled(target: Target, input: Uint8Array, observation: Observation): Promise<void> {
  const before = new Uint8Array(input);
  const pending = target.run(input, observation);
  if (pending !== undefined) {
    await pending;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  check(Buffer.compare(before, input) === 0, 'the reader has changed its input');
}
