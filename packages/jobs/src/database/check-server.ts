import { JobsError } from '../errors.ts';
import type { Connection } from './connect.ts';

/** The oldest version that pg-boss and the ledger are made for. */
const OLDEST = 15;

/**
 * @returns the server's major version
 * @throws {JobsError} `ERR_DATABASE`, where it does not answer or is too old
 */
export async function checkServer(
  { executeSql }: Pick<Connection, 'executeSql'>,
  databaseUrl: string,
): Promise<number> {
  const version = await executeSql('show server_version_num').then(
    ({ rows }) => Number((rows[0] as { server_version_num: string }).server_version_num),
    (cause) => {
      throw new JobsError('ERR_DATABASE', `The database at ${placeOf(databaseUrl)} does not answer`, {
        hint: `${cause instanceof Error ? cause.message : cause}`,
        cause,
      });
    },
  );
  const major = Math.floor(version / 10_000);
  if (major >= OLDEST) return major;
  throw new JobsError('ERR_DATABASE', `PostgreSQL ${major} is too old`, {
    hint: `It has to be ${OLDEST} or later.`,
  });
}

/** An address without what is secret in it. */
function placeOf(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'the address that was given';
  const { hostname: host, port, pathname } = new URL(databaseUrl);
  return `${host}${port && `:${port}`}${pathname}`;
}
