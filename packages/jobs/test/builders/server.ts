import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type EmbeddedServer, openEmbedded } from '../../src/embedded/server.ts';
import { type Jobs, type OpenOptions, openJobs } from '../../src/index.ts';

/** A folder that the user whom PostgreSQL runs as can enter; mkdtemp's own is closed to all but its maker. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-jobs-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Everything that goes wrong beside the calls of a test. */
export const rethrow = (error: unknown): never => {
  throw error;
};

/** Longer than any machine is too busy to renew it. */
const LEASE_MS = 20_000;
const TEMPLATE = 'made_once';

/** One PostgreSQL server for a test file, and a database with the ledger's tables for each `open`. */
export function databaseServer() {
  const folder = newFolder();
  const opened: Jobs[] = [];
  let server: EmbeddedServer;
  let admin: pg.Client;
  let count = 0;

  const urlOf = (database: string): string => server.databaseUrl.replace(/postgres$/, database);

  beforeAll(async () => {
    server = await openEmbedded(folder, rethrow);
    admin = new pg.Client({ connectionString: server.databaseUrl });
    await admin.connect();
    await admin.query(`create database ${TEMPLATE}`);
    await (await openJobs({ databaseUrl: urlOf(TEMPLATE), onError: rethrow })).close();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((jobs) => jobs.close()));
  });
  afterAll(async () => {
    await admin.end();
    await server.leave();
    rmSync(folder, { recursive: true, force: true });
  });

  const newDatabase = async (): Promise<string> => {
    const name = `test_${++count}`;
    await admin.query(`create database ${name} template ${TEMPLATE}`);
    return urlOf(name);
  };

  return {
    newDatabase,
    /** Opens a database, a new one if none is named; it is closed after the test. */
    async open(options: Partial<Omit<OpenOptions, 'dataFolder'>> = {}): Promise<Jobs> {
      const { databaseUrl = await newDatabase(), ...more } = options;
      const jobs = await openJobs({ databaseUrl, leaseMs: LEASE_MS, onError: rethrow, ...more });
      opened.push(jobs);
      return jobs;
    },
    /** A look into a database that goes by nothing of ours. */
    async query<Row extends object>(
      databaseUrl: string,
      text: string,
      values: unknown[] = [],
    ): Promise<Row[]> {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}
