import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

/** Where Debian and Homebrew have it; elsewhere it is on the search path. */
const PLACES = [
  '/usr/lib/postgresql/*/bin/initdb',
  '/opt/homebrew/opt/postgresql@*/bin/initdb',
  '/usr/local/opt/postgresql@*/bin/initdb',
];

/** A PostgreSQL of the system's own packages, not of npm's, on a folder for the length of a test. */
export async function postgresqlServer(folder: string): Promise<string> {
  const data = join(folder, 'postgresql-of-the-system');
  mkdirSync(data, { mode: 0o700 });
  const user = otherThanRoot();
  if (user) chownSync(data, user.uid, user.gid);
  const options = { ...user, cwd: data, stdio: 'ignore' } as const;
  execFileSync(program('initdb'), ['-D', data, '-U', 'rawreel', '--auth=trust', '--encoding=UTF8'], options);
  const port = await freePort();
  const server = spawn(
    program('postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-c', 'unix_socket_directories='],
    options,
  );
  onTestFinished(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  });
  const url = `postgresql://rawreel@127.0.0.1:${port}/postgres`;
  const isReady = program('pg_isready');
  for (;;) {
    try {
      execFileSync(isReady, ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      return url;
    } catch (error) {
      if (server.exitCode !== null) throw error;
    }
  }
}

function program(name: string): string {
  const [newest] = globSync(PLACES).toSorted().reverse();
  return newest === undefined ? name : join(dirname(newest), name);
}

/** PostgreSQL refuses to run as root; its package has made a user for it. */
function otherThanRoot(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
