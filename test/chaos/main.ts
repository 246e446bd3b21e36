// npm run chaos -- [--recordings N] [--seed S]: exit code 0 only if each recording was delivered once and nothing is left behind.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runChaos, summaryOf } from './src/run.ts';

const USAGE =
  'usage: npm run chaos -- [--recordings N] [--seed S]   (default: 2000 recordings, a random seed)';
const INTERRUPTED = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function usage(problem: string): never {
  process.stderr.write(`${problem}\n${USAGE}\n`);
  process.exit(2);
}

function read() {
  try {
    const { values } = parseArgs({ options: { recordings: { type: 'string' }, seed: { type: 'string' } } });
    return { recordings: Number(values.recordings ?? 2000), seed: values.seed ?? String(randomInt(2 ** 31)) };
  } catch (error) {
    return usage((error as Error).message);
  }
}

const { recordings, seed } = read();
if (!Number.isSafeInteger(recordings) || recordings < 1)
  usage('--recordings: expected a whole number from 1 on');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
try {
  const result = await runChaos({ recordings, seed, say, signal: stopping.signal });
  say(summaryOf(result));
  process.exitCode = result.failures.length === 0 ? 0 : 1;
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.exitCode = INTERRUPTED;
}
