import { describe, expect, test } from 'vitest';
import { fuzz } from '../src/engine/fuzz.ts';
import type { Target } from '../src/engine/target.ts';
import { watch } from '../src/engine/watch.ts';
import { targets } from './planted-targets.ts';

const planted = (name: string): Target => targets.find((target) => target.name === name) as Target;
const CORPUS = [new Uint8Array(16)];

/** In a worker of its own, as the command line does it. */
const watched = (name: string, limitMs: number) =>
  watch({
    module: new URL('./planted-targets.ts', import.meta.url).href,
    target: name,
    seed: 1,
    corpus: [new Uint8Array(16)],
    milliseconds: 2500,
    limitMs,
    limitBytes: 256 * 1024 * 1024,
  });

describe('fuzzing · planted mistakes', () => {
  test('behind two bytes: found, and made small', async () => {
    const { findings } = await fuzz(planted('two bytes'), { seed: 1, corpus: CORPUS, executions: 400_000 });
    expect(findings.map(({ kind, message }) => [kind, message])).toEqual([
      ['failure', 'CheckFailure: the planted one'],
    ]);
    expect([...(findings[0]?.input ?? [])]).toEqual([0, 0, 0, 0x52, 0, 0, 0, 0xff]);
  });

  test('behind four bytes: found because what gets nearer is kept', async () => {
    const options = { seed: 1, corpus: CORPUS, executions: 400_000 };
    const { findings, novel } = await fuzz(planted('step by step'), options);
    expect(findings).toHaveLength(1);
    expect(novel).toBeGreaterThanOrEqual(4);
    const blind: Target = {
      name: 'blind',
      run: (bytes) => planted('step by step').run(bytes, { feature: () => {}, output: () => {} }),
    };
    expect((await fuzz(blind, options)).findings).toEqual([]);
  });

  test.each([
    ['endless', 'hang', 300],
    ['never settles', 'hang', 300],
    ['takes memory', 'memory', 10_000],
    ['rejects later', 'failure', 300],
  ])('%s: the worker is ended, the finding has its input', async (name, kind, limitMs) => {
    const { findings, executions } = await watched(name, limitMs);
    expect(findings.map((finding) => finding.kind)).toEqual([kind]);
    expect(findings[0]?.input[1]).toBe(0x77);
    expect(executions).toBeGreaterThan(0);
  });

  test('a reader that changes its input is one with a mistake', async () => {
    const { findings } = await fuzz(planted('writes'), { seed: 1, corpus: CORPUS, executions: 100_000 });
    expect(findings[0]?.message).toContain('the reader has changed its input');
  });
});

test('fuzzing · the same seed gives the same inputs, another one others', async () => {
  const inputs = async (seed: number) => {
    const seen: string[] = [];
    const onInput = (input: Uint8Array) => seen.push(Buffer.from(input).toString('hex'));
    await fuzz({ name: 'quiet', run: () => undefined }, { seed, corpus: CORPUS, executions: 500, onInput });
    return seen.join();
  };
  expect(await inputs(3)).toBe(await inputs(3));
  expect(await inputs(3)).not.toBe(await inputs(4));
});
