import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

const PATIENCE_MS = 3000;

/** The PostgreSQL of the service's data folder, as somebody sees it who is no part of the service. */
export class Database {
  readonly #home: string;

  constructor(dataFolder: string) {
    this.#home = join(dataFolder, 'postgresql');
  }

  /** @throws while it is down */
  async ask<Row extends object>(text: string): Promise<Row[]> {
    const { user, password, port } = JSON.parse(await readFile(join(this.#home, 'connection.json'), 'utf8'));
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user,
      password,
      database: 'postgres',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Kills the server. @returns whether there was one */
  async kill(): Promise<boolean> {
    const text = await readFile(join(this.#home, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    return killed(Number.parseInt(text, 10));
  }

  /** Kills one of its processes, which ends all its sessions and has it replay its log. @returns whether there was one */
  async killSession(choose: (count: number) => number): Promise<boolean> {
    const sessions = await this.ask<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'rawreel' order by pid`,
    ).catch(() => []);
    return sessions.length > 0 && killed(sessions[choose(sessions.length)]?.pid);
  }
}

function killed(pid: number | undefined): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
