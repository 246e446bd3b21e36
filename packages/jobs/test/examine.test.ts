import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { examineJobs, openJobs } from '../src/index.ts';
import { databaseServer, newFolder, rethrow } from './builders/server.ts';

const server = databaseServer();

/** Another database of the same server. */
const named = (databaseUrl: string, database: string): string => databaseUrl.replace(/[^/]+$/, database);

test('a database that is as it has to be; one without tables says what will be made, and stays without', async () => {
  const url = await server.newDatabase();
  const found = await examineJobs({ databaseUrl: url });
  expect(found).toMatchObject({ version: 18, pending: [] });
  expect(Math.abs(found.clockOffsetMs ?? Number.NaN)).toBeLessThan(5000);

  await server.query(url, 'create database empty');
  const empty = named(url, 'empty');
  const { pending } = await examineJobs({ databaseUrl: empty });
  expect(pending).toContain('0001-ledger');
  expect(pending).toEqual((await examineJobs({ databaseUrl: empty })).pending);
});

test('one that only reads, has no rights, is newer, or is not there', async () => {
  const url = await server.newDatabase();
  await server.query(url, "create role reader login password 'x'");
  const reader = url.replace(/\/\/[^@]*@/, '//reader:x@');
  await expect(examineJobs({ databaseUrl: reader })).rejects.toMatchObject({
    code: 'ERR_DATABASE',
    message: 'The database refuses what the ledger needs: permission denied for schema rawreel',
    hint: expect.stringContaining('grant create on database'),
  });
  await expect(
    examineJobs({ databaseUrl: `${url}?options=-c%20default_transaction_read_only%3Don` }),
  ).rejects.toMatchObject({ hint: expect.stringContaining('primary server') });
  await expect(examineJobs({ databaseUrl: url.replace(/:[^:@]*@/, ':wrong@') })).rejects.toMatchObject({
    code: 'ERR_DATABASE',
    hint: expect.stringContaining('password authentication failed'),
  });
  await expect(examineJobs({ databaseUrl: named(url, 'nowhere') })).rejects.toMatchObject({
    code: 'ERR_DATABASE',
    hint: expect.stringContaining('does not exist'),
  });
  await server.query(
    url,
    "insert into rawreel.kysely_migration (name, timestamp) values ('9999-of-tomorrow', now())",
  );
  await expect(examineJobs({ databaseUrl: url })).rejects.toMatchObject({ code: 'ERR_MIGRATION' });
});

test('a data folder is looked at and left as it is, in use too', async () => {
  const folder = newFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dataFolder = join(folder, 'data');
  expect(await examineJobs({ dataFolder })).toMatchObject({
    version: undefined,
    pending: expect.arrayContaining(['0001-ledger']),
  });
  expect(existsSync(dataFolder)).toBe(false);
  const jobs = await openJobs({ dataFolder, onError: rethrow });
  expect(await examineJobs({ dataFolder })).toMatchObject({ version: 18, pending: [] });
  await jobs.close();
  expect(await examineJobs({ dataFolder })).toMatchObject({ version: undefined, pending: [] });
});

test('a data folder that takes no files', async () => {
  const folder = newFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await expect(examineJobs({ dataFolder: '/proc/rawreel' })).rejects.toMatchObject({
    code: 'ERR_DATA_FOLDER',
  });
  mkdirSync(join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), 0o700);
  if (process.getuid?.() === 0)
    await expect(examineJobs({ dataFolder: join(folder, 'closed/data') })).rejects.toMatchObject({
      code: 'ERR_DATA_FOLDER',
      message: expect.stringContaining('cannot enter'),
    });
});
