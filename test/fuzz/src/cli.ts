import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readBytes, readCorpus } from './engine/corpus.ts';
import { type Finding, hashOf } from './engine/finding.ts';
import { type FuzzReport, settled } from './engine/fuzz.ts';
import { Novelty } from './engine/novelty.ts';
import type { Target } from './engine/target.ts';
import { watch } from './engine/watch.ts';
import { targets } from './targets/index.ts';

export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

const USAGE = `usage: node test/fuzz/src/main.ts [--seconds N] [--seed N] [target …]
       node test/fuzz/src/main.ts --input FILE target
targets: ${targets.map(({ name }) => name).join(', ')}`;

const ROOM = fileURLToPath(new URL('..', import.meta.url));

interface Request {
  readonly milliseconds: number;
  readonly seed: number;
  readonly input: string | undefined;
  readonly targets: readonly Target[];
}

/** @returns exit code: 0 nothing found, 1 something found, 2 wrong usage */
export async function run(args: readonly string[], output: Output): Promise<number> {
  const request = read(args);
  if (typeof request === 'string') {
    output.err(`${request}\n${USAGE}`);
    return 2;
  }
  if (request.input !== undefined) return runOne(request.targets[0] as Target, request.input, output);
  output.out(row(['target', 'executions', 'per second', 'novel', 'outputs', 'slowest', 'findings']));
  let found = 0;
  for (const target of request.targets) found += await fuzzOne(target, request, output);
  return found === 0 ? 0 : 1;
}

/** What is asked for, or what is wrong with it. */
function read(args: readonly string[]): Request | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seconds: { type: 'string' }, seed: { type: 'string' }, input: { type: 'string' } },
    });
    const seconds = Number(values.seconds ?? 10);
    const seed = Number(values.seed ?? 1);
    if (!(seconds > 0)) return `--seconds: expected a number above 0, found "${values.seconds}"`;
    if (!Number.isSafeInteger(seed)) return `--seed: expected a whole number, found "${values.seed}"`;
    const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
    if (unknown.length > 0) return `no target "${unknown.join('", "')}"`;
    if (values.input !== undefined && positionals.length !== 1) return '--input: expected one target with it';
    const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    return { milliseconds: seconds * 1000, seed, input: values.input, targets: chosen };
  } catch (error) {
    return (error as Error).message;
  }
}

async function runOne(target: Target, path: string, { out }: Output): Promise<number> {
  const novelty = new Novelty();
  try {
    await settled(target, await readBytes(path), novelty);
    out(`${target.name}: survived, ${novelty.outputs} came out, ${novelty.fresh} features`);
    return 0;
  } catch (error) {
    out(`${target.name}: ${error instanceof Error ? error.stack : String(error)}`);
    return 1;
  }
}

async function fuzzOne(target: Target, request: Request, { out }: Output): Promise<number> {
  const { milliseconds, seed } = request;
  const corpus = (await readCorpus(join(ROOM, 'corpus', target.name))).map(({ bytes }) => bytes);
  const started = performance.now();
  const report = await watch({
    module: new URL('./targets/index.ts', import.meta.url).href,
    target: target.name,
    framing: target.framing,
    seed,
    corpus,
    milliseconds,
    limitMs: target.pace?.limitMs,
  });
  out(reportRow(target.name, report, performance.now() - started));
  for (const finding of report.findings) {
    const path = await save(finding);
    out(`  ${finding.kind}: ${finding.message}\n  ${path} (${finding.input.length} bytes)`);
    out(finding.stack.replace(/^/gm, '    '));
  }
  return report.findings.length;
}

function reportRow(name: string, report: FuzzReport, milliseconds: number): string {
  const { executions, novel, outputs, slowestMs, findings } = report;
  const rate = Math.round(executions / (milliseconds / 1000));
  const numbers = [executions, rate, novel, outputs, `${slowestMs.toFixed(1)} ms`, findings.length];
  return row([name, ...numbers.map(String)]);
}

function row([name = '', ...cells]: readonly string[]): string {
  return name.padEnd(14) + cells.map((cell) => cell.padStart(12)).join('');
}

async function save({ target, input }: Finding): Promise<string> {
  const folder = join(ROOM, 'findings');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${target}-${hashOf(input)}`);
  await writeFile(path, input);
  return relative(process.cwd(), path);
}
