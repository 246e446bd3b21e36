import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openJobs } from '@rawreel/jobs';
import pg from 'pg';
import { quick } from './inputs.ts';

const APP = { apiKey: 'key-of-the-app', secret: 'secret-of-the-app' };
const RECEIVER = join(import.meta.dirname, '../../../apps/webhook/bin/rawreel-webhook.js');
const PLAIN = join(import.meta.dirname, 'plain-receiver.ts');

/** As a receiver is loaded by many of Stream's senders. */
const STEADY_IN_FLIGHT = 16;
const BURST_CONNECTIONS = 500;
/** Stream sends an event three times at most, within 15 s. */
const ATTEMPTS = 3;
const PAUSE_MS = 500;

interface Load {
  readonly name: string;
  readonly events: number;
  readonly inFlight: number;
  readonly callOf: (index: number) => string;
}

const scale = quick ? 0.1 : 1;
const ownCall = (index: number): string => `default:call-${index}`;
const LOADS: readonly Load[] = [
  {
    name: `${STEADY_IN_FLIGHT} in flight`,
    events: 4000 * scale,
    inFlight: STEADY_IN_FLIGHT,
    callOf: ownCall,
  },
  {
    name: `a burst of ${10_000 * scale} on ${BURST_CONNECTIONS} connections`,
    events: 10_000 * scale,
    inFlight: BURST_CONNECTIONS,
    callOf: ownCall,
  },
  {
    name: `a burst of ${2000 * scale} events of one call on ${BURST_CONNECTIONS} connections`,
    events: 2000 * scale,
    inFlight: BURST_CONNECTIONS,
    callOf: () => 'default:one',
  },
];

interface Loaded {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** That were answered 200 at an attempt after the first. */
  readonly again: number;
  /** That Stream would have given up. */
  readonly givenUp: number;
  /** Webhook ids that were answered 200. */
  readonly accepted: readonly string[];
}

/** What a receiver accepts, beside an Express handler that only answers, in the same run. */
export async function loadOfReceiver(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-bench-'));
  chmodSync(folder, 0o755);
  const jobs = await openJobs({ dataFolder: folder });
  const database = new pg.Client({ connectionString: jobs.databaseUrl });
  await database.connect();
  const port = await freePort();
  const receiver = spawn(process.execPath, [RECEIVER, 'receive'], {
    env: {
      PATH: process.env['PATH'],
      STREAM_API_KEY: APP.apiKey,
      STREAM_API_SECRET: APP.secret,
      STREAM_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: jobs.databaseUrl,
      RAWREEL_DATA: folder,
      RAWREEL_PORT: String(port),
      RAWREEL_ADMIN_PORT: 'off',
    },
    stdio: 'ignore',
  });
  const plain = fork(PLAIN);
  try {
    const [plainPort] = (await once(plain, 'message')) as [number];
    await answers(port);
    const lines = [
      '| load | receiver | accepted a second | p50 | p99 | again | given up | lost |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ];
    // The first requests of a process are slower.
    const warmUp = { name: '', events: 400, inFlight: STEADY_IN_FLIGHT, callOf: ownCall };
    for (const to of [plainPort, port]) await load(to, warmUp);
    for (const each of LOADS) {
      lines.push(lineOf(each, 'Express, only answers', await load(plainPort, each), 0));
      const loaded = await load(port, each);
      const { rows } = await database.query<{ count: number }>(
        'select count(*)::int from rawreel.events where source_id = any($1)',
        [loaded.accepted],
      );
      const lost = loaded.accepted.length - (rows[0]?.count ?? 0);
      lines.push(lineOf(each, 'rawreel-webhook receive', loaded, lost));
    }
    return lines;
  } finally {
    await stopped(receiver);
    await stopped(plain);
    await database.end();
    await jobs.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf({ name }: Load, receiver: string, loaded: Loaded, lost: number): string {
  const { perSecond, p50, p99, again, givenUp } = loaded;
  return `| ${name} | ${receiver} | ${Math.round(perSecond)} | ${ms(p50)} | ${ms(p99)} | ${again} | ${givenUp} | ${lost} |`;
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

async function load(port: number, { events, inFlight, callOf }: Load): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const run = randomUUID();
  const latencies: number[] = [];
  const accepted: string[] = [];
  let [next, again, givenUp] = [0, 0, 0];
  const begunMs = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < events) {
        const index = next++;
        const id = `${run}-${index}`;
        const event = eventOf(callOf(index), id);
        for (let attempt = 1; ; attempt++) {
          const sentMs = performance.now();
          const status = await post(agent, port, id, event);
          latencies.push(performance.now() - sentMs);
          if (status === 200) {
            accepted.push(id);
            if (attempt > 1) again += 1;
            break;
          }
          if (attempt === ATTEMPTS) {
            givenUp += 1;
            break;
          }
          await sleep(PAUSE_MS);
        }
      }
    }),
  );
  const perSecond = (accepted.length * 1000) / (performance.now() - begunMs);
  agent.destroy();
  const sorted = latencies.toSorted((one, other) => one - other);
  const quantile = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { perSecond, p50: quantile(0.5), p99: quantile(0.99), again, givenUp, accepted };
}

function eventOf(callCid: string, id: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: 'call.recording_ready',
      created_at: '2026-11-26T23:40:00Z',
      call_cid: callCid,
      egress_id: id,
      recording_type: 'raw',
      call_recording: {
        filename: `rec_${id}.zip`,
        url: `https://recordings.example/rec_${id}.zip?Expires=4000000000&Signature=${'s'.repeat(340)}`,
        start_time: '2026-11-26T23:33:30Z',
        end_time: '2026-11-26T23:34:30.5Z',
        session_id: id,
        recording_type: 'raw',
      },
    }),
  );
}

/** @returns the status; 0 where there was no answer */
function post(agent: Agent, port: number, id: string, json: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const sent = request({
      agent,
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/webhooks/stream',
      timeout: 6000,
      headers: {
        'content-type': 'application/json',
        'content-length': json.length,
        'x-api-key': APP.apiKey,
        'x-webhook-id': id,
        'x-webhook-attempt': 1,
        'x-signature': createHmac('sha256', APP.secret).update(json).digest('hex'),
      },
    });
    sent.on('response', (response) => {
      response.resume().on('close', () => resolve(response.statusCode ?? 0));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(0));
    sent.end(json);
  });
}

async function answers(port: number): Promise<void> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await once(probe.close(), 'close');
  return port;
}
