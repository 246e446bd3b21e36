import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCorpus } from '../src/engine/corpus.ts';
import { fuzz, settled } from '../src/engine/fuzz.ts';
import { Novelty } from '../src/engine/novelty.ts';
import { watch } from '../src/engine/watch.ts';
import { targets } from '../src/targets/index.ts';

const corpusOf = (name: string) => readCorpus(fileURLToPath(new URL(`../corpus/${name}`, import.meta.url)));

describe('fuzzing · readers of foreign bytes', () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    '%s · every input of the corpus is read, and good ones bring something out',
    async (name, target) => {
      const corpus = await corpusOf(name);
      const silent: string[] = [];
      for (const entry of corpus) {
        const novelty = new Novelty();
        await settled(target, entry.bytes, novelty);
        if (entry.name.startsWith('ok-') && novelty.outputs === 0) silent.push(entry.name);
      }
      expect(silent).toEqual([]);
      expect(corpus.filter((entry) => entry.name.startsWith('ok-')).length).toBeGreaterThan(0);
    },
  );

  test.each(targets.filter(({ pace }) => pace === undefined).map((target) => [target.name, target] as const))(
    '%s · two seconds of mutations break no promise',
    async (name, { framing }) => {
      const corpus = (await corpusOf(name)).map(({ bytes }) => bytes);
      const report = await watch({
        module: new URL('../src/targets/index.ts', import.meta.url).href,
        target: name,
        framing,
        seed: 7,
        corpus,
        milliseconds: 2000,
      });
      expect(report.findings.map(({ kind, message, stack }) => `${kind} ${message}\n${stack}`)).toEqual([]);
      expect(report.executions).toBeGreaterThan(corpus.length);
      expect(report.outputs).toBeGreaterThan(0);
    },
  );

  test.each(targets.filter(({ pace }) => pace !== undefined).map((target) => [target.name, target] as const))(
    '%s · twenty mutations, each in a process of its own, break no promise',
    { timeout: 240_000 },
    async (name, target) => {
      const corpus = (await corpusOf(name)).map(({ bytes }) => bytes);
      const executions = corpus.length + 20;
      const report = await fuzz(target, { seed: 7, corpus, executions });
      expect(report.findings.map(({ kind, message, stack }) => `${kind} ${message}\n${stack}`)).toEqual([]);
      expect(report.executions).toBe(executions);
      expect(report.novel).toBeGreaterThan(corpus.length);
    },
  );
});
