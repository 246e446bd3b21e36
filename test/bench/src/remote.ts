import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { making, rawreel, videoCall, WORK } from './inputs.ts';
import { type Measured, measure, type Work } from './measure.ts';
import { megabytes, row } from './table.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const LATENCY_MS = 20;

/** A ZIP behind a server that answers 20 ms later: what is read of it, and how long that takes. */
export async function remoteArchive(count: number): Promise<string[]> {
  const archive = await videoCall(2000);
  const cache = join(WORK, 'cache');
  const copy = join(WORK, 'copy');
  const withoutCache = (work: Work): Work => ({
    ...work,
    before: () => {
      work.before?.();
      rmSync(cache, { recursive: true, force: true });
    },
  });
  await using server = await startServer(archive);
  const { address } = server;
  const input = ['--input-s3', address, '--cache-dir', cache];
  const output = ['--user-id', 'user-1'];
  const works: Work[] = [
    { name: '`curl` of all of it', command: ['curl', '-sf', '-o', copy, address] },
    withoutCache({
      name: 'all of it into the cache',
      command: [process.execPath, join(HERE, 'download.ts'), address, cache],
    }),
    withoutCache(rawreel('list-tracks', 'list-tracks', ...input, '--format', 'users')),
    rawreel('list-tracks again', 'list-tracks', ...input, '--format', 'users'),
    withoutCache(
      rawreel(
        'extract-audio of one user',
        'extract-audio',
        ...input,
        ...output,
        '--output',
        join(WORK, 'out'),
        '--quiet',
      ),
    ),
    withoutCache(
      rawreel(
        'extract-video of one user',
        'extract-video',
        ...input,
        ...output,
        '--output',
        join(WORK, 'out'),
        '--quiet',
      ),
    ),
    making('extract-video of one user from a file', 'extract-video', archive, ...output),
  ];
  const results = new Map<string, { measured: Measured[]; bytes: number }>();
  for (let round = 0; round <= count; round++) {
    for (const work of works) {
      const measured = await measure(work);
      const bytes = await server.sent();
      if (round === 0) continue;
      const known = results.get(work.name)?.measured ?? [];
      results.set(work.name, { measured: [...known, measured], bytes });
    }
  }
  rmSync(copy, { force: true });
  rmSync(cache, { recursive: true, force: true });
  const curl = results.get('`curl` of all of it')?.measured;
  return [
    `${megabytes(archive)}, each answer ${LATENCY_MS} ms later:`,
    '',
    '| whole process | wall | against `curl` | peak memory | bytes read |',
    '| --- | --- | --- | --- | --- |',
    ...[...results].map(
      ([name, { measured, bytes }]) => `${row(name, measured, curl)} ${(bytes / 1e6).toFixed(1)} MB |`,
    ),
  ];
}

async function startServer(file: string) {
  const child = spawn(process.execPath, [join(HERE, 'far-server.ts'), file, String(LATENCY_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const origin = `http://127.0.0.1:${port}`;
  return {
    address: `${origin}/call.zip`,
    sent: async (): Promise<number> => Number(await (await fetch(`${origin}/sent`)).text()),
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill();
      await once(child, 'exit');
    },
  };
}
