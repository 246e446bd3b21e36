import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { openJobs } from '@rawreel/jobs';
import { expect, test } from 'vitest';
import { KEY, readyEvent, SECRET } from '../builders/events.ts';
import { postgresqlServer } from '../builders/postgresql-server.ts';
import { probe, SAMPLE, Service, send, serveFiles, temporaryFolder } from '../builders/service.ts';

const APP = { apiKey: KEY, secret: SECRET };
const CALLS = ['one', 'two', 'three', 'four', 'five', 'slow'];

/** The sample call, in ranges. */
function sendSample(range: string, response: ServerResponse): void {
  const { size } = statSync(SAMPLE);
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const [start, end] = [Number(first), Math.min(last === '' ? size : Number(last), size - 1)];
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end}/${size}`,
    'content-length': end - start + 1,
    etag: '"sample"',
  });
  createReadStream(SAMPLE, { start, end }).pipe(response);
}

test('two workers on a PostgreSQL of the system’s: one is killed in the middle, the other takes over, each is delivered once', async () => {
  const folder = temporaryFolder();
  const databaseUrl = await postgresqlServer(folder);
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const files = await serveFiles(({ headers: { range = '' }, url = '' }, response) => {
    // Its size is told; what is in it comes when the one who asked first is dead.
    if (!url.startsWith('/slow') || range === 'bytes=0-0') return sendSample(range, response);
    held.resolve();
    return void released.promise.then(() => sendSample(range, response));
  });
  const env = (name: string) => ({
    DATABASE_URL: databaseUrl,
    RAWREEL_DATA: join(folder, name),
    RAWREEL_OUTPUT: join(folder, 'media'),
    RAWREEL_TEMPLATE: '{callId}',
    RAWREEL_LEASE_SECONDS: '5',
  });
  const nobody = { STREAM_API_KEY: KEY, STREAM_API_SECRET: SECRET, STREAM_BASE_URL: 'http://127.0.0.1:9' };
  const receiver = new Service('receive', { ...env('receiver'), ...nobody });
  const url = await receiver.url();
  const victim = new Service('work', env('victim'));
  const take = async (call: string) => {
    const link = `${files}/${call}.zip?Expires=4000000000&Signature=s`;
    const event = readyEvent(
      { call_cid: `default:${call}`, egress_id: call },
      { url: link, filename: `${call}.zip` },
    );
    expect(await send(url, event, call, APP)).toBe('200 taken');
  };
  await take('slow');
  await held.promise;
  for (const call of CALLS.filter((each) => each !== 'slow')) await take(call);
  const survivor = new Service('work', env('survivor'));
  await survivor.line(' → ');
  await victim.kill();
  released.resolve();

  const jobs = await openJobs({ databaseUrl });
  const isDone = async () => (await jobs.ledger.counts()).get('done') === CALLS.length;
  for (let told = 0; !(await isDone()); told += 1) await survivor.moreThan(told);
  expect([await survivor.stop(), await receiver.stop()]).toEqual([0, 0]);
  const { recordings } = await jobs.ledger.list({ limit: 10 });
  for (const { id, callCid } of recordings) {
    const { facts = [], attempt } = (await jobs.ledger.recording(id)) ?? {};
    const outcomes = facts.flatMap((fact) => (fact.kind === 'attempt-ended' ? [fact.outcome] : []));
    const isLost = outcomes.includes('lost');
    expect(outcomes, callCid).toEqual(isLost ? ['lost', 'stored'] : ['stored']);
    expect(attempt).toBe(isLost ? 2 : 1);
    if (callCid === 'default:slow') expect(isLost).toBe(true);
  }
  await jobs.close();

  expect(readdirSync(join(folder, 'media')).toSorted()).toEqual(CALLS.toSorted());
  for (const call of CALLS) {
    const place = join(folder, 'media', call);
    const made = readdirSync(place).filter((file) => file !== 'manifest.json');
    expect(made.toSorted().map((file) => probe(join(place, file)))).toEqual([
      { kinds: ['audio'], seconds: 30 },
      { kinds: ['audio'], seconds: 30 },
      { kinds: ['audio', 'video'], seconds: 31 },
      { kinds: ['video'], seconds: 31 },
    ]);
    const manifest = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')) as {
      files: { path: string }[];
    };
    expect(manifest.files.map(({ path }) => path).toSorted()).toEqual(made.toSorted());
  }
});
