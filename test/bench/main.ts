// node test/bench/main.ts [--quick]: whole processes against baselines in the same rounds, as Markdown.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLargeCall } from '@rawreel/fixtures';
import { type Measured, median, rounds, type Work } from './src/measure.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const WORK = join(HERE, '.work');
const CLI = join(HERE, '..', '..', 'apps', 'cli', 'bin', 'rawreel.js');
const quick = process.argv.includes('--quick');
const scale = quick ? 0.1 : 1;
const ROUNDS = 3;

const MiB = 2 ** 20;
const output = join(WORK, 'out');
const clean = () => rmSync(output, { recursive: true, force: true });

const rawreel = (name: string, ...args: string[]): Work => ({
  name,
  command: [process.execPath, CLI, ...args],
  before: clean,
});
const extract = (name: string, kind: 'audio' | 'video', input: string, ...more: string[]): Work =>
  rawreel(name, `extract-${kind}`, '--input-file', input, '--output', output, '--quiet', ...more);

/** Makes an input once, and takes it as it is from then on. */
async function input(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(WORK, quick ? `quick-${name}` : name);
  if (!existsSync(path)) {
    process.stderr.write(`making ${path} …\n`);
    await make(path);
  }
  return path;
}

const call = (bytes: number, participants: number) => (path: string) =>
  writeLargeCall(path, { participants, targetBytes: bytes * scale, deflated: true });

function row(
  name: string,
  measured: readonly Measured[] | undefined,
  baseline?: readonly Measured[],
): string {
  const wall = median((measured ?? []).map(({ wallSeconds }) => wallSeconds));
  const peak = median((measured ?? []).flatMap(({ peakMiB }) => peakMiB ?? []));
  const ratios = (measured ?? []).map(
    ({ wallSeconds }, index) => wallSeconds / (baseline?.[index]?.wallSeconds ?? Number.NaN),
  );
  const ratio = baseline === undefined ? '' : `${median(ratios).toFixed(2)} ×`;
  return `| ${name} | ${wall.toFixed(2)} s | ${ratio} | ${Number.isNaN(peak) ? '' : `${peak.toFixed(0)} MiB`} |`;
}

mkdirSync(WORK, { recursive: true });
const large = await input('call-1g.zip', call(1000 * MiB, 6));
const small = await input('call-100m.zip', call(100 * MiB, 6));
const huge = await input('call-2g.zip', call(2000 * MiB, 6));
const hour = await input('hour.zip', (path) =>
  writeLargeCall(path, { participants: 1, seconds: 3600 * scale, video: 'none', deflated: true }),
);
const copy = join(WORK, 'copy');

const results = await rounds(
  [
    { name: 'unzip', command: ['unzip', '-p', large] },
    { name: 'copy', command: ['cp', large, copy] },
    extract('video', 'video', large),
    extract('audio of one', 'audio', large, '--user-id', 'user-1'),
    rawreel('list', 'list-tracks', '--input-file', large, '--format', 'users'),
    { name: 'unzip hour', command: ['unzip', '-p', hour] },
    extract('hour', 'audio', hour),
    extract('video 100 MB', 'video', small),
    extract('video 2 GB', 'video', huge),
  ],
  ROUNDS,
);
clean();
rmSync(copy, { force: true });

const megabytes = (path: string) => `${Math.round(statSync(path).size / 1e6)} MB`;
const unzip = results.get('unzip');
const lines = [
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, Node ${process.versions.node}; medians of ${ROUNDS} rounds`,
  '',
  '| whole process | wall | against `unzip -p` | peak memory |',
  '| --- | --- | --- | --- |',
  row(`\`unzip -p\` of ${megabytes(large)}, thrown away`, unzip),
  row(`\`cp\` of the same`, results.get('copy'), unzip),
  row('extract-video, 6 people, 720p VP8', results.get('video'), unzip),
  row('extract-audio of one user of it', results.get('audio of one'), unzip),
  row('list-tracks of it', results.get('list'), unzip),
  row(`\`unzip -p\` of an hour of Opus, ${megabytes(hour)}`, results.get('unzip hour')),
  row('extract-audio of that hour', results.get('hour'), results.get('unzip hour')),
  row(`extract-video of ${megabytes(small)}`, results.get('video 100 MB')),
  row(`extract-video of ${megabytes(huge)}`, results.get('video 2 GB')),
];
process.stdout.write(`${lines.join('\n')}\n`);
