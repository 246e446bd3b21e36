// node test/fuzz/src/main.ts [--seconds N] [--seed N] [target …]
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { corpusOf } from './corpus.ts';
import { fuzz } from './engine.ts';
import { targets } from './targets/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const unknown = positionals.filter((name) => targets.every((target) => target.name !== name));
if (unknown.length > 0) {
  console.error(`no target ${unknown.join(', ')}; there are ${targets.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const findingsFolder = join(import.meta.dirname, '..', 'findings');
console.log(
  '| target | executions | per second | novel inputs | findings |\n| --- | --- | --- | --- | --- |',
);
for (const target of targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const result = await fuzz(target, {
    corpus: corpusOf(target.name),
    seed: Number(values.seed),
    forMs: Number(values.seconds) * 1000,
  });
  const perSecond = Math.round((result.executions * 1000) / result.elapsedMs);
  console.log(
    `| ${target.name} | ${result.executions} | ${perSecond} | ${result.novel} | ${result.findings.length} |`,
  );
  for (const { input, error } of result.findings) {
    const hash = createHash('sha256').update(input).digest('hex').slice(0, 12);
    mkdirSync(findingsFolder, { recursive: true });
    writeFileSync(join(findingsFolder, `${target.name}-${hash}`), input);
    console.error(`${target.name}-${hash}: ${error.stack}`);
    process.exitCode = 1;
  }
}
