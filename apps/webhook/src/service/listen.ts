import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookError } from '../http/errors.ts';

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Takes no more connections, lets requests end for so long, and cuts off what is left. */
  close(withinMs: number): Promise<void>;
}

/**
 * @param variable the variable of the environment that says which port
 * @throws {WebhookError} ERR_CANNOT_LISTEN
 */
export async function listen(
  server: Server,
  { host, port, variable }: { readonly host: string; readonly port: number; readonly variable: string },
): Promise<Listening> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new WebhookError(
      'ERR_CANNOT_LISTEN',
      `It cannot listen on ${host}:${port} (${code})`,
      hintOn(code, variable),
    );
  }
  const { family, address, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    async close(withinMs) {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), withinMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function hintOn(code: string, variable: string): string {
  if (code === 'EADDRINUSE')
    return `Another program has that port, maybe another rawreel-webhook: set ${variable} to one that is free`;
  if (code === 'EACCES') return `Ports below 1024 are not for every user: set ${variable} to another one`;
  return `Set ${variable.replace('PORT', 'HOST')} to an address of this machine`;
}
