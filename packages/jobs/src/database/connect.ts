import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Tables } from './tables.ts';

/** The ledger's schema; pg-boss has one of its own. A database that other programs use is shared with them in peace. */
export const SCHEMA = 'rawreel';

/** What our sessions are called in pg_stat_activity. */
const APPLICATION = 'rawreel';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Connection {
  readonly db: Db;
  /** Runs a statement outside of any transaction of ours, for pg-boss. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly connections: number;
  readonly onError: (error: unknown) => void;
}

/** bigint: milliseconds, bytes and ordinals stay below 2^53. */
const INT8 = 20;
const parserOf = ((oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser;

export function connect(databaseUrl: string, { connections, onError }: ConnectOptions): Connection {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: APPLICATION,
    max: connections,
    // One stays, so that others see that this process is there.
    min: 1,
    // A server that takes connections and says nothing is as good as none.
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser: parserOf },
  });
  // A connection that breaks says so as an event, beside failing what it was asked; unheard, that would end the process. The pool
  // listens to those that are idle, nobody to those that are at work.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(SCHEMA),
    executeSql: (text, values) => pool.query(text, values),
    close: () => pool.end(),
  };
}

/** Whether a server answers, be it that it is still starting. */
export async function isReachable(databaseUrl: string): Promise<boolean> {
  for (;;) {
    try {
      await withClient(databaseUrl, (client) => client.query('select 1'));
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code !== STARTING_UP) return false;
      await sleep(STARTING_MS);
    }
  }
}

/** How many sessions of ours there are, in whatever process. */
export async function countSessions(databaseUrl: string): Promise<number> {
  return await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      'select count(*) from pg_stat_activity where application_name = $1',
      [APPLICATION],
    );
    return Number(rows[0]?.count);
  });
}

/** SQLSTATE of a server that replays its log, or that is about to stop. */
const STARTING_UP = '57P03';
const STARTING_MS = 100;
/** Only servers of this machine are asked so: one that does not answer by then is none of ours. */
const LOCAL_MS = 2000;

async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: LOCAL_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
