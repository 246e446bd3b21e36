import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { countSessions, isReachable } from '../database/connect.ts';
import { JobsError } from '../errors.ts';
import {
  addressOf,
  type ConnectionFile,
  freePort,
  isTaken,
  newConnection,
  readConnection,
  writeConnection,
} from './connection-file.ts';
import { findPrograms, type Programs } from './programs.ts';
import { reachablePrograms } from './reachable-programs.ts';
import { checkReach, type SystemUser, systemUser } from './system-user.ts';

export interface EmbeddedServer {
  readonly databaseUrl: string;
  /** Stops the server when nobody else works with it. Call it when your own connections are closed. */
  leave(): Promise<void>;
}

const run = promisify(execFile);

/** Beside what else a data folder holds. In it: `connection.json`, `data/` of PostgreSQL's, its `log`. */
export const HOME = 'postgresql';
/** Seconds that a server may take to replay what a crash has left. */
const START_SECONDS = 120;
/** A folder that nobody has finished in an hour, nobody will. */
const LEFT_MS = 3600_000;
/** How long one that somebody else is starting may take to answer at all. */
const ELSEWHERE_MS = 20_000;
/** How long processes of one that was killed may take to end. */
const KILLED_MS = 5000;
const TRY_MS = 200;
/** How soon a server that was killed is started again. */
const WATCH_MS = 1000;
/** How long the server may take to see that a session has ended. */
const ENDING_MS = 500;
const ENDING_STEP_MS = 50;

interface Place {
  readonly home: string;
  readonly programs: Programs;
  readonly user: SystemUser;
}

/**
 * The PostgreSQL server of a data folder: made where there is none, started where it does not run, and shared by every process that
 * opens the folder. It is a process of its own, so it outlives a `kill -9` of any of them; a server that is killed itself is started
 * again by whoever has it open. The last one to leave stops it.
 *
 * @throws {JobsError} `ERR_EMBEDDED_POSTGRES`, `ERR_DATA_FOLDER`
 */
export async function openEmbedded(
  dataFolder: string,
  onError: (error: unknown) => void,
): Promise<EmbeddedServer> {
  const home = join(resolve(dataFolder), HOME);
  const user = systemUser();
  await mkdir(resolve(dataFolder), { recursive: true });
  await checkReach(home, user);
  const programs = await reachablePrograms(await findPrograms(), user, resolve(dataFolder));
  const place = { home, programs, user };
  if (!existsSync(home)) await make(resolve(dataFolder), place);
  const connection = await started(place);
  const databaseUrl = addressOf(connection);

  let starting: Promise<unknown> | undefined;
  const watch = setInterval(() => {
    starting ??= startIfDead(place, connection)
      .catch(onError)
      .finally(() => {
        starting = undefined;
      });
  }, WATCH_MS);
  watch.unref();

  return {
    databaseUrl,
    async leave() {
      clearInterval(watch);
      await starting;
      if (await othersHaveIt(databaseUrl)) return;
      // Of two that leave at the same time, one finds it stopped.
      await pgCtl(place, ['stop', '-m', 'fast', '-w', '-t', String(START_SECONDS)]).catch((error) => {
        if (existsSync(join(home, 'data', 'postmaster.pid'))) onError(error);
      });
    },
  };
}

/** Whether sessions stay: those of a process that leaves just now, this one too, are counted for a moment more. */
async function othersHaveIt(databaseUrl: string): Promise<boolean> {
  const untilMs = performance.now() + ENDING_MS;
  while ((await countSessions(databaseUrl).catch(() => 0)) > 0) {
    if (performance.now() > untilMs) return true;
    await sleep(ENDING_STEP_MS);
  }
  return false;
}

/** Makes the server's folder under another name and renames it, so that it is whole or not there; of two that do, one wins. */
async function make(dataFolder: string, { home, programs, user }: Place): Promise<void> {
  const half = `${home}.new-${randomUUID()}`;
  const connection = await newConnection();
  const passwordFile = join(half, 'password');
  await mkdir(half, { mode: 0o700 });
  await writeFile(passwordFile, connection.password, { mode: 0o600 });
  for (const path of [half, passwordFile]) if (user) await chown(path, user.uid, user.gid);
  try {
    await run(
      programs.initdb,
      [
        `--pgdata=${join(half, 'data')}`,
        `--username=${connection.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
        // Nobody but this machine; and no sockets, whose paths must be short.
        '--set=listen_addresses=127.0.0.1',
        '--set=unix_socket_directories=',
        '--set=log_checkpoints=off',
      ],
      { ...user, cwd: half },
    );
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw new JobsError('ERR_EMBEDDED_POSTGRES', 'PostgreSQL’s data folder could not be created', {
      hint: `${lastLine(error)} Its programs need a system with glibc: not Alpine. Or give a server’s address as DATABASE_URL.`,
      cause: error,
    });
  }
  await rm(passwordFile);
  await writeConnection(half, connection);
  await rename(half, home).catch(async (error) => {
    await rm(half, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  });
  await removeHalves(dataFolder);
}

/** What was left by one that was killed in the middle; not what somebody is making just now. */
async function removeHalves(dataFolder: string): Promise<void> {
  const names = (await readdir(dataFolder)).filter((name) => name.startsWith(`${HOME}.new-`));
  for (const path of names.map((name) => join(dataFolder, name))) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < Date.now() - LEFT_MS) await rm(path, { recursive: true, force: true });
  }
}

/** The server's connection, once it answers. */
async function started(place: Place): Promise<ConnectionFile> {
  const known = await readConnection(place.home);
  if (!known)
    throw new JobsError(
      'ERR_DATA_FOLDER',
      `${place.home} has no connection.json, with the password of its server`,
      {
        hint: 'Put it back from a backup, or use another data folder.',
      },
    );
  if (await isReachable(addressOf(known))) return known;
  if (await startsAt(place, known)) return known;
  // Its port may be another program's by now; while nobody works with the server, it can have another one.
  const moved = { ...known, port: await freePort() };
  const failure = await failureToStart(place, moved);
  if (!failure) {
    await writeConnection(place.home, moved);
    return moved;
  }
  const latest = (await readConnection(place.home)) ?? known;
  if (await isReachable(addressOf(latest))) return latest;
  throw new JobsError('ERR_EMBEDDED_POSTGRES', `PostgreSQL does not start in ${place.home}`, {
    hint: `The last lines of ${join(place.home, 'log')}: ${await lastOfLog(place)}`,
    cause: failure,
  });
}

/**
 * Whether it starts where others know it, who go on as soon as it is back. Right after it was killed it may not: somebody else is
 * starting it, or processes of the killed one have not ended.
 */
async function startsAt(place: Place, connection: ConnectionFile): Promise<boolean> {
  const sinceMs = performance.now();
  for (;;) {
    const failure = await failureToStart(place, connection);
    if (!failure) return true;
    const isAnothers = await isTaken(connection.port);
    if (await isReachable(addressOf(connection))) return true;
    const patienceMs = isAlive(await postmasterPid(place)) ? ELSEWHERE_MS : KILLED_MS;
    if (isAnothers || performance.now() - sinceMs > patienceMs) return false;
    await sleep(TRY_MS);
  }
}

async function startIfDead(place: Place, connection: ConnectionFile): Promise<void> {
  if (isAlive(await postmasterPid(place))) return;
  const failure = await failureToStart(place, connection);
  if (failure && !(await isReachable(addressOf(connection)))) throw failure;
}

async function failureToStart(place: Place, { port }: ConnectionFile): Promise<unknown> {
  const log = join(place.home, 'log');
  try {
    await pgCtl(place, ['start', '-w', '-t', String(START_SECONDS), '-l', log, '-o', `-p ${port}`]);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function pgCtl({ home, programs, user }: Place, args: readonly string[]): Promise<void> {
  await run(programs.pg_ctl, ['-D', join(home, 'data'), ...args], { ...user, cwd: home });
}

/** First line of the file that a running server keeps, and a killed one leaves. */
async function postmasterPid({ home }: Place): Promise<number | undefined> {
  const text = await readFile(join(home, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number.parseInt(text, 10) || undefined;
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lastLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr || String(error);
  return text.trim().split('\n').at(-1) ?? '';
}

async function lastOfLog({ home }: Place): Promise<string> {
  const text = await readFile(join(home, 'log'), 'utf8').catch(() => '(there is none)');
  return text.trim().split('\n').slice(-3).join(' | ');
}
