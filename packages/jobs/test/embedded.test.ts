import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPrograms } from '../src/embedded/programs.ts';
import { reachablePrograms } from '../src/embedded/reachable-programs.ts';
import { checkReach } from '../src/embedded/system-user.ts';
import { openJobs } from '../src/index.ts';
import { event } from './builders/events.ts';
import { namesOf, started } from './builders/facts.ts';
import { newFolder, rethrow } from './builders/server.ts';

let folder: string;
beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open = (dataFolder = folder) => openJobs({ dataFolder, onError: rethrow });
const isRunning = (): boolean => existsSync(join(folder, 'postgresql/data/postmaster.pid'));
const connectionOf = () => JSON.parse(readFileSync(join(folder, 'postgresql/connection.json'), 'utf8'));

describe('a data folder', () => {
  test('two that open it at the same time make one server, and share it; the last to leave stops it', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect(one.databaseUrl).toBe(two.databaseUrl);
    await one.ledger.take(event(), [started(namesOf(1))]);
    expect((await two.ledger.list({ limit: 10 })).recordings).toHaveLength(1);
    await one.close();
    expect(isRunning()).toBe(true);
    expect(await two.isReady()).toBe(true);
    await two.close();
    expect(isRunning()).toBe(false);
  });

  test('those that leave at the same moment stop it too', async () => {
    const all = await Promise.all([open(), open(), open()]);
    await Promise.all(all.map((jobs) => jobs.close()));
    expect(isRunning()).toBe(false);
  });

  test('its port is none that an outgoing connection could be given', () => {
    expect(connectionOf().port).toBeLessThan(32_768);
  });

  test('its password is random and for its owner’s eyes', () => {
    expect(connectionOf().password).toMatch(/^[\w-]{32}$/);
    expect(statSync(join(folder, 'postgresql/connection.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'postgresql/password'))).toBe(false);
  });

  test('opened again it has what it had, on another port where the old one is somebody else’s by now', async () => {
    const { port } = connectionOf();
    // Takes connections, and says nothing.
    const squatter = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    const jobs = await open();
    try {
      expect(connectionOf().port).not.toBe(port);
      expect((await jobs.ledger.list({ limit: 10 })).recordings).toMatchObject(
        [namesOf(1)].map(({ callCid }) => ({ callCid })),
      );
      expect(
        (await jobs.ledger.recording((await jobs.ledger.list({ limit: 1 })).recordings[0]?.id ?? ''))?.facts,
      ).toHaveLength(1);
    } finally {
      await jobs.close();
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  test('killed, and opened by several at once, it is where those who have it open know it', async () => {
    const tolerant = () => openJobs({ dataFolder: folder, onError: () => undefined });
    const first = await tolerant();
    const [pid] = readFileSync(join(folder, 'postgresql/data/postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    const others = await Promise.all([tolerant(), tolerant(), tolerant()]);
    for (const { databaseUrl } of others) expect(databaseUrl).toBe(first.databaseUrl);
    expect(await first.isReady()).toBe(true);
    for (const jobs of [first, ...others]) await jobs.close();
    expect(isRunning()).toBe(false);
  });

  test('writes durably', async () => {
    const jobs = await open();
    try {
      const conf = readFileSync(join(folder, 'postgresql/data/postgresql.conf'), 'utf8');
      expect(conf).not.toMatch(/^\s*(?:fsync|synchronous_commit|full_page_writes)\s*=/m);
    } finally {
      await jobs.close();
    }
  });
});

describe('what is missing is said', () => {
  test('a folder that the user whom PostgreSQL runs as cannot enter', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    await expect(checkReach(join(closed, 'data'), { uid: 54_321, gid: 54_321 })).rejects.toMatchObject({
      code: 'ERR_DATA_FOLDER',
      message: `User postgres, whom PostgreSQL runs as, cannot enter ${closed}`,
      hint: expect.stringContaining(`chmod o+x ${closed}`),
    });
    chmodSync(closed, 0o711);
    await expect(checkReach(join(closed, 'data'), { uid: 54_321, gid: 54_321 })).resolves.toBeUndefined();
  });

  test('a server of a folder whose password is gone', async () => {
    const broken = newFolder();
    mkdirSync(join(broken, 'postgresql'));
    await expect(open(broken)).rejects.toMatchObject({
      code: 'ERR_DATA_FOLDER',
      message: `${join(broken, 'postgresql')} has no connection.json, with the password of its server`,
    });
    rmSync(broken, { recursive: true });
  });

  test.each([
    ['nobody listens', 'postgresql://alice:secret@127.0.0.1:1/calls', '127.0.0.1:1/calls'],
    ['no address', 'secret', 'the address that was given'],
  ])('a database that does not answer: %s, and the password is not said', async (_, databaseUrl, place) => {
    const failure = await openJobs({ databaseUrl, onError: rethrow }).catch((error) => error);
    expect(failure).toMatchObject({
      code: 'ERR_DATABASE',
      message: `The database at ${place} does not answer`,
    });
    expect(`${failure.message} ${failure.hint}`).not.toContain('secret');
  });
});

test('programs that the user whom PostgreSQL runs as cannot come to are copied into the data folder, once', async () => {
  const room = newFolder();
  const closed = join(room, 'closed');
  const native = join(closed, 'native');
  mkdirSync(join(native, 'bin'), { recursive: true });
  chmodSync(closed, 0o700);
  writeFileSync(join(closed, 'package.json'), '{ "version": "18.4.0" }');
  const programs = {
    initdb: join(native, 'bin/initdb'),
    pg_ctl: join(native, 'bin/pg_ctl'),
    postgres: join(native, 'bin/postgres'),
  };
  for (const path of Object.values(programs)) writeFileSync(path, path, { mode: 0o755 });
  const user = { uid: 54_321, gid: 54_321 };
  const [found, other] = await Promise.all([
    reachablePrograms(programs, user, room),
    reachablePrograms(programs, user, room),
  ]);
  expect(found).toEqual(other);
  expect(found.postgres).toBe(join(room, 'postgresql-programs-18.4.0/bin/postgres'));
  expect(readFileSync(found.postgres, 'utf8')).toBe(programs.postgres);
  expect(readdirSync(room).sort()).toEqual(['closed', 'postgresql-programs-18.4.0']);
  chmodSync(closed, 0o711);
  expect(await reachablePrograms(programs, user, room)).toBe(programs);
  rmSync(room, { recursive: true });
});

test('links of the npm package that npm did not make, since it ran no install script, are made', async () => {
  const { postgres } = await findPrograms();
  const native = join(dirname(postgres), '..');
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const { target } = JSON.parse(readFileSync(list, 'utf8')).find((link: { target: string }) =>
    link.target.includes('libecpg_compat.so'),
  );
  unlinkSync(join(native, '..', target));
  await findPrograms();
  expect(existsSync(join(native, '..', target))).toBe(true);
});
