import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** How to reach the server of a data folder; kept there, for its owner's eyes only. */
export interface ConnectionFile {
  readonly user: string;
  readonly password: string;
  readonly port: number;
}

const NAME = 'connection.json';

export async function readConnection(folder: string): Promise<ConnectionFile | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, NAME), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeConnection(folder: string, connection: ConnectionFile): Promise<void> {
  const half = join(folder, `${NAME}.${process.pid}`);
  await writeFile(half, `${JSON.stringify(connection)}\n`, { mode: 0o600, flush: true });
  await rename(half, join(folder, NAME));
}

export async function newConnection(): Promise<ConnectionFile> {
  return { user: 'rawreel', password: randomBytes(24).toString('base64url'), port: await freePort() };
}

export function addressOf({ user, password, port }: ConnectionFile): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;
}

export async function freePort(): Promise<number> {
  return await listenOnce(0);
}

/** Whether a program of this machine listens there. */
export async function isTaken(port: number): Promise<boolean> {
  return await listenOnce(port).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'EADDRINUSE',
  );
}

/** @returns the port */
async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
