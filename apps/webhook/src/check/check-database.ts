import { resolve } from 'node:path';
import { examineJobs } from '@rawreel/jobs';
import { type Check, type CheckContext, failed } from './check.ts';
import type { ClockReading } from './check-clock.ts';

export async function checkDatabase({ config: { databaseUrl, dataFolder } }: CheckContext) {
  const readings: ClockReading[] = [];
  const name = 'database';
  const isOwn = databaseUrl === undefined;
  const look = async (): Promise<Check> => {
    const { version, pending, clockOffsetMs } = await examineJobs(
      isOwn ? { dataFolder: resolve(dataFolder) } : { databaseUrl },
    );
    if (clockOffsetMs !== undefined && !isOwn) readings.push({ of: 'the database', offsetMs: clockOffsetMs });
    const server =
      version === undefined ? 'PostgreSQL that starts with the service' : `PostgreSQL ${version}`;
    const place = isOwn ? `${server}, in ${dataFolder}` : server;
    const migrations = pending.length > 0 ? `; the start will run ${pending.join(', ')}` : '';
    return { name, state: 'ok', found: `${place}${migrations}` };
  };
  const check = await look().catch((error) => failed(name, error));
  return { check, readings };
}
