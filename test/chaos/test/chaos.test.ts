import { expect, test } from 'vitest';
import { runChaos, summaryOf } from '../src/run.ts';
import { EVENTS, scriptsOf } from '../src/scripts.ts';

test('a run of 24 recordings: each is delivered once, whatever is killed', async () => {
  const said: string[] = [];
  const result = await runChaos({
    recordings: 24,
    seed: 'of the tests',
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  expect(result.failures, said.join('\n')).toEqual([]);
  expect(result.kills).toBeGreaterThan(0);
  expect(summaryOf(result)).toBe(`24 of 24 delivered once, 0 left behind, ${result.kills} kills`);
  // It ends by itself where nothing more is delivered, however long it takes.
}, 900_000);

test('the same seed makes the same scripts: a fifth of all events is lost, others come late and again', () => {
  const scripts = scriptsOf(2000, 'seed');
  expect(scriptsOf(2000, 'seed')).toEqual(scripts);
  expect(scriptsOf(2000, 'other')).not.toEqual(scripts);
  const sendings = scripts.flatMap((script) => EVENTS.map((name) => script.sendings[name]));
  const share = (fits: (times: readonly number[]) => boolean) =>
    sendings.filter(fits).length / sendings.length;
  expect(share((times) => times.length === 0)).toBeCloseTo(0.2, 1);
  expect(share((times) => times.length > 1)).toBeGreaterThan(0.1);
  expect(share(([first = 0]) => first > 0)).toBeGreaterThan(0.2);
  expect(scripts.filter(({ sendings: { ready } }) => ready.length === 0).length).toBeGreaterThan(300);
  expect(scripts.some((script) => EVENTS.every((name) => script.sendings[name].length === 0))).toBe(true);
});
