import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
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

/**
 * Ports for servers (RFC 6335 §6), below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of
 * these would be somebody's while the server is down, or that of a client which tries to reach it.
 */
const PORTS = { from: 20_000, to: 32_768 } as const;
const TRIES = 100;

export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(PORTS.from, PORTS.to);
    const failure = await failureToListen(port);
    if (!failure) return port;
    if (tries >= TRIES) throw failure;
  }
}

async function failureToListen(port: number): Promise<unknown> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error;
  } finally {
    server.close();
  }
}

/** Whether a program of this machine listens there. Asked by connecting: to listen would take it from a server that starts just now. */
export async function isTaken(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
