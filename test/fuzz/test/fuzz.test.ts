import { describe, expect, test } from 'vitest';
import { corpusOf } from '../src/corpus.ts';
import { fuzz } from '../src/engine.ts';
import type { Target } from '../src/target.ts';
import { targets } from '../src/targets/index.ts';

/** What a corpus must show at least once, so that a target that sees nothing is noticed. */
const ALIVE: Record<string, RegExp> = {
  rtpdump: /^[1-9]/,
  rtp: /^[1-9]/,
  rtcp: /^[1-9]\d* [1-9]/,
  sdp: /^(audio|video) [1-9]/,
  opus: /^[1-9],[1-9]/,
  vp8: /^[1-9],[1-9]/,
  vp9: /^[1-9],[1-9]/,
  h264: /^[1-9],[1-9]/,
  av1: /^[1-9],[1-9]/,
  zip: /^[1-9]\d*,[1-9]/,
  tar: /^[1-9]\d*,[1-9]/,
  metadata: /^[1-9]/,
};

describe('readers of foreign bytes', () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    '%s · a second of mutations breaks no promise',
    async (name, target) => {
      const corpus = corpusOf(name);
      const result = await fuzz(target, { corpus, seed: 7, forMs: 1000 });
      expect(result.findings.map(({ error }) => error.stack)).toEqual([]);
      expect(result.executions).toBeGreaterThan(corpus.length);
      expect(result.signatures.some((signature) => ALIVE[name]?.test(signature))).toBe(true);
    },
  );
});

describe('the engine', () => {
  const planted: Target = {
    name: 'planted',
    run(input) {
      if (input[0] !== 0x52) return 'no';
      if (input[1] !== 0xff) return 'first';
      throw new Error('both');
    },
  };

  test('finds a bug behind two bytes by keeping what gets it nearer', async () => {
    const { findings } = await fuzz(planted, {
      corpus: [new Uint8Array(4)],
      seed: 1,
      forMs: 20_000,
      executions: 200_000,
    });
    expect(findings[0]?.error.message).toBe('both');
  });

  test('does the same for the same seed', async () => {
    const run = () =>
      fuzz(planted, { corpus: [new Uint8Array(4)], seed: 5, forMs: 20_000, executions: 2000 });
    const [one, two] = [await run(), await run()];
    expect(one.novel).toBe(two.novel);
    expect(one.findings.map(({ input }) => [...input])).toEqual(two.findings.map(({ input }) => [...input]));
  });
});
