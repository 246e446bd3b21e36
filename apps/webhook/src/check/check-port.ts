import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Check, type CheckContext, failed } from './check.ts';

const WITHIN_MS = 3000;

/** Whether the receiver could listen; one that runs already is as good. */
export async function checkPort({ config: { host, port }, signal }: CheckContext) {
  const name = 'port';
  const shown = `${host}:${port}`;
  try {
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    await once(server.close(), 'close');
    const check: Check = { name, state: 'ok', found: `${shown} is free` };
    return { check, isRunning: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isRunning = code === 'EADDRINUSE' && (await answersAsReceiver(host, port, signal));
    const check: Check = isRunning
      ? { name, state: 'ok', found: `a receiver runs on ${shown} already` }
      : failed(name, error, ADVICE[code ?? '']);
    return { check, isRunning };
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program uses it: stop that program, or set another port (RAWREEL_PORT).',
  EACCES: 'Ports below 1024 are for privileged users: set another one (RAWREEL_PORT), behind a proxy.',
  EADDRNOTAVAIL: 'This machine has no such address: set host (RAWREEL_HOST) to one that it has, or 0.0.0.0.',
};

/** As the address of every interface, it is asked on this machine's own. */
const OWN: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

async function answersAsReceiver(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const at = OWN[host] ?? (host.includes(':') ? `[${host}]` : host);
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    const response = await fetch(`http://${at}:${port}/healthz`, { signal: within, redirect: 'error' });
    return ((await response.json()) as { status?: unknown } | null)?.status === 'ok';
  } catch {
    return false;
  }
}
