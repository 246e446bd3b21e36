import { mutate, Random } from './mutate.ts';
import type { Target } from './target.ts';

export interface FuzzOptions {
  readonly corpus: readonly Uint8Array[];
  readonly seed: number;
  /** Ends after so many milliseconds. */
  readonly forMs: number;
  /** Ends at the latest after so many executions. */
  readonly executions?: number;
}

export interface FuzzResult {
  readonly executions: number;
  readonly elapsedMs: number;
  /** Inputs kept because something new happened. */
  readonly novel: number;
  /** What happened with the corpus itself. */
  readonly signatures: readonly string[];
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly input: Uint8Array;
  readonly error: Error;
}

/** What takes longer is a finding: no reader may be slow on input of at most 64 KiB. */
const SLOW_MS = 2000;

const MAX_FINDINGS = 10;

/** Runs the corpus, then mutations of it and of whatever made something new happen. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(options.seed);
  const pool = [...options.corpus];
  const seen = new Set<string>();
  const findings: Finding[] = [];
  const startedAt = performance.now();
  const deadline = startedAt + options.forMs;
  let executions = 0;

  const timed = async (input: Uint8Array) => {
    const before = performance.now();
    const signature = await target.run(input);
    return { signature, ms: performance.now() - before };
  };
  const execute = async (input: Uint8Array): Promise<string | undefined> => {
    executions++;
    try {
      const { signature, ms } = await timed(input);
      // A busy machine is slow once, a reader is slow each time.
      if (ms > SLOW_MS && (await timed(input)).ms > SLOW_MS) throw new Error(`took ${Math.round(ms)} ms`);
      return signature;
    } catch (error) {
      findings.push({ input, error: error as Error });
      return undefined;
    }
  };

  const signatures: string[] = [];
  for (const input of options.corpus) {
    const signature = await execute(input);
    if (signature === undefined) continue;
    signatures.push(signature);
    seen.add(signature);
  }
  const most = options.executions ?? Number.POSITIVE_INFINITY;
  while (performance.now() < deadline && executions < most && findings.length < MAX_FINDINGS) {
    const input = mutate(random.pick(pool), random.pick(pool), random);
    const signature = await execute(input);
    if (signature === undefined || seen.has(signature)) continue;
    seen.add(signature);
    pool.push(input);
  }
  const novel = pool.length - options.corpus.length;
  return { executions, elapsedMs: performance.now() - startedAt, novel, signatures, findings };
}
