import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a Unix socket holds on Linux. */
const MEMORY_BYTES = 208 << 10;

/** Takes what came, which is lent until it returns true, or until the reading goes on; with false nothing more comes before. */
export type Take = (bytes: Uint8Array) => boolean;

/** A way out of a child process. */
export interface ChildPipe {
  /** For the child's stdio; to be destroyed once it has started. */
  readonly childEnd: Socket;
  readonly ourEnd: Socket;
}

/**
 * A pipe that is read into the same memory again and again. What comes through a child's own stdout is allocated anew every
 * 64 KiB: 1.6 GB for a minute of pictures, which made 77 full garbage collections.
 *
 * @returns undefined where a child cannot have a socket for its output
 */
export async function openChildPipe(take: Take): Promise<ChildPipe | undefined> {
  if (process.platform === 'win32') return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-pipe-')).catch(() => undefined);
  if (folder === undefined) return undefined;
  const server = createServer();
  try {
    const path = join(folder, 'pipe');
    await once(server.listen(path), 'listening');
    const buffer = new Uint8Array(MEMORY_BYTES);
    const ourEnd = connect({
      path,
      onread: { buffer, callback: (length) => take(buffer.subarray(0, length)) },
    });
    const [[childEnd]] = await Promise.all([once(server, 'connection'), once(ourEnd, 'connect')]);
    return { childEnd: childEnd as Socket, ourEnd };
  } catch {
    return undefined;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
