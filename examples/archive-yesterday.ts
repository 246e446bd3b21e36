// Copies a day's raw recordings of all calls into a bucket of your own. What is there already is left as it is.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRecordingControl, formatCallRef } from '@rawreel/recording-control';
import { openRemoteObject, StorageError, uploadFile } from '@rawreel/storage';

const HELP = `Copies the raw recordings of all calls that began yesterday (UTC) into a bucket of your own.

  node examples/archive-yesterday.ts s3://bucket/prefix
  node examples/archive-yesterday.ts s3://bucket/prefix --day 2026-11-20 --call-type default

  --day YYYY-MM-DD    another day than yesterday
  --call-type NAME    only calls of this type

An object of the same length is left as it is: the same line again copies only what is missing.
Reads STREAM_API_KEY, STREAM_API_SECRET and, where it is set, STREAM_BASE_URL; for the bucket what every AWS tool reads.
Exit status: 0 all are there; 1 something failed; 2 usage; 130 interrupted.`;

const interruption = new AbortController();
// Else a half-made upload would be left in the bucket, where it costs.
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interruption.abort());
const { signal } = interruption;

// Exit, since after an interruption a request that is under way would keep the process until its time-out.
process.exit(await main().catch(explain));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      day: { type: 'string' },
      'call-type': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return show(HELP);
  const [bucket = '', ...others] = positionals;
  if (!/^s3:\/\/[^/]/.test(bucket) || others.length > 0)
    return refuse('Give s3://bucket/prefix and no more.');
  const day = values.day ?? dayOf(new Date(Date.now() - 24 * 3600 * 1000));
  const since = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(since.getTime()))
    return refuse('Give --day as YYYY-MM-DD.');
  const until = new Date(since.getTime() + 24 * 3600 * 1000);
  const callTypes = values['call-type'] === undefined ? undefined : [values['call-type']];
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: secret, STREAM_BASE_URL: baseUrl } = process.env;
  if (!apiKey || !secret) return refuse('Set STREAM_API_KEY and STREAM_API_SECRET.');

  const control = createRecordingControl({ apiKey, secret, baseUrl: baseUrl || undefined });
  const cacheFolder = await mkdtemp(join(tmpdir(), 'archive-yesterday-'));
  let found = 0;
  let failures = 0;
  /** What fails keeps nothing else back. */
  const tried = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) throw error;
      explain(error as Error);
      failures += 1;
    }
  };
  try {
    for await (const swept of control.sweep({ since, until, callTypes, signal })) {
      const { call } = swept;
      if (swept.state === 'failed') {
        explain(swept.error);
        failures += 1;
        continue;
      }
      for (const what of swept.unusable) {
        console.error(`Left out of the list of ${formatCallRef(call)}: ${what}`);
        failures += 1;
      }
      for (const { session, filename, url } of swept.recordings) {
        found += 1;
        const target = [bucket.replace(/\/+$/, ''), call.type, call.id, session, filename].join('/');
        await tried(async () => console.log(`${await copy(url, target, cacheFolder)}  ${target}`));
      }
    }
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
  console.log(`Begun on ${day}: ${found}${failures > 0 ? `; failed: ${failures}` : ''}`);
  return failures > 0 ? 1 : 0;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** By way of a file: an archive need not fit into memory. */
async function copy(url: string, target: string, cacheFolder: string): Promise<string> {
  const recording = await openRemoteObject(url, { cacheFolder, keep: false, signal });
  try {
    const there = await lengthAt(target, cacheFolder);
    if (there === recording.byteLength) return 'there already';
    await recording.ensure(0, recording.byteLength);
    await uploadFile(recording.path, target, { signal });
    return there === undefined ? 'copied' : `replaced, there were ${there} bytes`;
  } finally {
    await recording.close();
  }
}

/** Bytes; undefined where nothing is. */
async function lengthAt(target: string, cacheFolder: string): Promise<number | undefined> {
  try {
    const object = await openRemoteObject(target, { cacheFolder, keep: false, signal });
    await object.close();
    return object.byteLength;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'ERR_OBJECT_NOT_FOUND') return undefined;
    throw error;
  }
}

function show(text: string): 0 {
  console.log(text);
  return 0;
}

function refuse(problem: string): 2 {
  console.error(`${problem}\n\n${HELP}`);
  return 2;
}

/** What is known says what to do in a line; what is not is a mistake in this script, and shows where. */
function explain(error: Error & { code?: string; hint?: string }): number {
  if (error.code === undefined) throw error;
  console.error([error.message, ...(error.hint ? [error.hint] : [])].join('\n  '));
  if (signal.aborted) return 130;
  return error.code.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
