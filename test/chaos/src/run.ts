import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@rawreel/fixtures';
import { type Jobs, openJobs, type RecordingWithHistory } from '@rawreel/jobs';
import { Blows } from './blows.ts';
import { Database } from './database.ts';
import { callCidOf, MADE, problemsOf } from './delivered.ts';
import { filesLeft, rowsLeft, strangersIn } from './left-behind.ts';
import { Program } from './program.ts';
import { scriptsOf } from './scripts.ts';
import { type Recorded, Stream } from './stream.ts';

export interface ChaosOptions {
  readonly recordings: number;
  /** What is decided by chance follows from it; when it happens depends on the machine as well. */
  readonly seed: string;
  readonly say: (line: string) => void;
  /** Ends the run and all its processes. */
  readonly signal: AbortSignal;
}

export interface ChaosResult {
  readonly recordings: number;
  readonly delivered: number;
  readonly leftBehind: number;
  readonly kills: number;
  /** What is wrong, a line each. */
  readonly failures: readonly string[];
}

export const summaryOf = ({ recordings, delivered, leftBehind, kills }: ChaosResult): string =>
  `${delivered} of ${recordings} delivered once, ${leftBehind} left behind, ${kills} kills`;

/** A kill of a worker costs as much; renewing three times as often has to work on a busy machine. */
const LEASE_S = 6;
const RECONCILE_S = 10;
/** What is recorded and not delivered yet, at most: so recordings come until near the end of the run. */
const MOST_OPEN = 100;
/** So much of the run. */
const STRUCK_SHARE = 0.95;
/** Nothing more is delivered for so long: it never will. */
const STUCK_MS = 180_000;
const LOOK_MS = 1000;
const TELL_MS = 10_000;
/** Recordings whose files ffprobe is asked of, too. */
const PROBED = 20;

/** Records calls, has the service deliver them while it is struck, and judges what came of it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { recordings, seed, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-chaos-'));
  // PostgreSQL runs as another user where this is root.
  await chmod(folder, 0o755);
  say(`${recordings} recordings, seed ${seed}, in ${folder}`);
  const run = new Run(folder, options);
  try {
    await run.start();
    await run.play();
    const result = await run.judge();
    if (result.failures.length === 0) await rm(folder, { recursive: true, force: true });
    else {
      for (const failure of result.failures) say(failure);
      say(`What the processes said is in ${folder}/logs, and what they left beside it.`);
      say(`Again: npm run chaos -- --recordings ${recordings} --seed ${seed}`);
    }
    return result;
  } catch (error) {
    if (options.signal.aborted) await run.destroy().then(() => rm(folder, { recursive: true, force: true }));
    throw error;
  } finally {
    await run.destroy();
  }
}

class Run {
  readonly #options: ChaosOptions;
  readonly #folders: Readonly<Record<'data' | 'media' | 'archives' | 'temporary' | 'logs', string>>;
  readonly #database: Database;
  readonly #begunMs = performance.now();
  #stream!: Stream;
  #receiver!: Program;
  #workers!: readonly Program[];
  #blows!: Blows;
  #done = 0;

  constructor(folder: string, options: ChaosOptions) {
    const below = (name: string) => join(folder, name);
    this.#options = options;
    this.#folders = {
      data: below('data'),
      media: below('media'),
      archives: below('archives'),
      temporary: below('temporary'),
      logs: below('logs'),
    };
    this.#database = new Database(this.#folders.data);
  }

  async start(): Promise<void> {
    const { recordings, seed } = this.#options;
    const { data, media, archives, temporary, logs } = this.#folders;
    await Promise.all(Object.values(this.#folders).map((folder) => mkdir(folder)));
    const port = await freePort();
    const scripts = scriptsOf(recordings, seed);
    const webhookUrl = `http://127.0.0.1:${port}/webhooks/stream`;
    this.#stream = await Stream.start(scripts, { seed, folder: archives, webhookUrl });
    const { apiKey, secret, url } = this.#stream.api;
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      TMPDIR: temporary,
      STREAM_API_KEY: apiKey,
      STREAM_API_SECRET: secret,
      STREAM_BASE_URL: url,
      RAWREEL_PORT: String(port),
      RAWREEL_ADMIN_PORT: 'off',
      RAWREEL_DATA: data,
      RAWREEL_OUTPUT: media,
      RAWREEL_TEMPLATE: '{callType}/{callId}/{startedAt}',
      RAWREEL_MAKE: MADE.join(),
      RAWREEL_LEASE_SECONDS: String(LEASE_S),
      RAWREEL_RECONCILE_SECONDS: String(RECONCILE_S),
    };
    const program = (name: string, command: string) => new Program(name, command, { env, logFolder: logs });
    this.#receiver = program('receiver', 'receive');
    this.#workers = [program('worker-1', 'work'), program('worker-2', 'work')];
    this.#blows = new Blows(createRandom(seed).fork('blows'), {
      receiver: this.#receiver,
      workers: this.#workers,
      database: this.#database,
      leaseMs: LEASE_S * 1000,
      done: () => this.#done,
    });
    for (const each of this.#programs) each.start();
  }

  /** Until all is delivered, or nothing more is. */
  async play(): Promise<void> {
    const { recordings, signal } = this.#options;
    const ending = new AbortController();
    const watching = this.#watch(AbortSignal.any([signal, ending.signal]));
    const calm = new AbortController();
    const striking = this.#blows.run(AbortSignal.any([signal, calm.signal]));
    try {
      await this.#stream.recordAll(() => this.#room(), signal);
      // The last ones are delivered in peace: a run that goes on striking ends by chance.
      await this.#until(() => this.#done >= recordings * STRUCK_SHARE);
      calm.abort();
      await striking;
      await this.#until(() => this.#done >= recordings);
      await this.#stream.quiet(signal);
    } finally {
      calm.abort();
      ending.abort();
      await Promise.all([striking, watching]);
    }
  }

  async judge(): Promise<ChaosResult> {
    const { recordings, seed, say } = this.#options;
    const { recorded } = this.#stream;
    this.#tell('judging');
    const failures: string[] = [];
    for (const program of this.#programs) {
      const exitCode = await program.stop();
      if (exitCode !== 0) failures.push(`${program.name} was told to stop, and ended with ${exitCode}`);
    }
    const left = await filesLeft(this.#folders, recorded);
    const jobs = await openJobs({ dataFolder: this.#folders.data });
    let delivered = 0;
    try {
      left.push(...(await rowsLeft(this.#database)));
      const known = await everything(jobs);
      left.push(...strangersIn(known, recorded));
      const byName = Map.groupBy(known, ({ callCid, filename }) => `${callCid} ${filename}`);
      const probed = new Set(sampleOf(recorded, createRandom(seed).fork('probed').next));
      await inPairs(recorded.toSorted(byIndex), async (each) => {
        const problems = await problemsOf(each, {
          known: byName.get(`${callCidOf(each)} ${each.filename}`) ?? [],
          media: this.#folders.media,
          probed: probed.has(each),
        });
        if (problems.length === 0) delivered += 1;
        else
          failures.push(
            `recording ${each.script.index} (${callCidOf(each)}, ${each.filename}): ${problems.join('; ')}`,
          );
      });
    } finally {
      await jobs.close();
    }
    if (recorded.length < recordings) failures.push(`${recordings - recorded.length} were never recorded`);
    failures.push(...left.map((what) => `left behind: ${what}`));
    for (const line of this.#programs.flatMap(({ exits }) => exits)) say(line);
    this.#tell('judged');
    return { recordings, delivered, leftBehind: left.length, kills: this.#blows.kills, failures };
  }

  async destroy(): Promise<void> {
    for (const program of this.#programs) await program.destroy();
    await this.#database.kill();
    await this.#stream?.api.stop().catch(() => undefined);
  }

  get #programs(): readonly Program[] {
    return this.#receiver === undefined ? [] : [this.#receiver, ...this.#workers];
  }

  async #room(): Promise<void> {
    await this.#until(() => this.#stream.recorded.length - this.#done < MOST_OPEN);
  }

  /** @throws where nothing more is delivered */
  async #until(isSo: () => boolean): Promise<void> {
    let [done, sinceMs] = [this.#done, performance.now()];
    while (!isSo()) {
      this.#options.signal.throwIfAborted();
      if (this.#done > done) [done, sinceMs] = [this.#done, performance.now()];
      if (performance.now() - sinceMs > STUCK_MS) return;
      await sleep(LOOK_MS / 4);
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    let toldMs = performance.now();
    while (!signal.aborted) {
      const question = `select count(*)::int as done from rawreel.recordings where state = 'done' and same_as is null`;
      const rows = await this.#database.ask<{ done: number }>(question).catch(() => []);
      this.#done = rows[0]?.done ?? this.#done;
      if (performance.now() - toldMs >= TELL_MS) {
        toldMs = performance.now();
        this.#tell('');
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #tell(what: string): void {
    const { recordings, say } = this.#options;
    const seconds = Math.round((performance.now() - this.#begunMs) / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const { freeze, ...kills } = this.#blows.counts;
    const struck = Object.entries(kills).map(([name, count]) => `${count} ${name}`);
    const recorded = this.#stream.recorded.length;
    say(
      `${time}  ${what && `${what} · `}${recorded} of ${recordings} recorded, ${this.#done} done · ${this.#blows.kills} kills (${struck.join(', ')}), ${freeze} freezes`,
    );
  }
}

async function everything({ ledger }: Jobs): Promise<RecordingWithHistory[]> {
  const all: RecordingWithHistory[] = [];
  let before: string | undefined;
  do {
    const { recordings, next } = await ledger.list({ limit: 1000, before });
    for (const { id } of recordings) {
      const recording = await ledger.recording(id);
      if (recording) all.push(recording);
    }
    before = next;
  } while (before !== undefined);
  return all;
}

function sampleOf(recorded: readonly Recorded[], next: () => number): readonly Recorded[] {
  const share = PROBED / recorded.length;
  return recorded.filter(() => next() < share);
}

const byIndex = (one: Recorded, other: Recorded): number => one.script.index - other.script.index;

async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    [1, 2].map(async () => {
      for (const item of left) await work(item);
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
