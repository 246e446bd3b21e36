import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { type AddressScope, scopeOf } from './address-scope.ts';
import { BadAnswer } from './answer.ts';

/** What names mean and addresses are; tests have a network of their own. */
export interface Network {
  readonly lookup: (
    hostname: string,
    options: { readonly all: true; readonly family: number; readonly hints: number | undefined },
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => void;
  readonly scopeOf: (address: string) => AddressScope;
}

export const REAL_NETWORK: Network = {
  lookup: (hostname, options, callback) => lookup(hostname, options, callback),
  scopeOf,
};

/** A redirect, or a name that changed its meaning, leads from the address that was asked for into a nearer network. */
export class LedInside extends BadAnswer {
  constructor(hostname: string, address: string) {
    const named = hostname === address ? '' : ` (${hostname})`;
    super(`it leads to ${address}${named}, which is inside this machine or its network`, { final: true });
  }
}

/** Which scopes an object may be fetched from, by that of the address that was asked for first. */
const REACHABLE: { readonly [First in AddressScope]: readonly AddressScope[] } = {
  public: ['public'],
  private: ['public', 'private'],
  loopback: ['public', 'private', 'loopback'],
  'link-local': ['public', 'link-local'],
};

/**
 * Connects as undici does, where the object may lead. The first connection is to what somebody asked for, and may be
 * to anywhere; whoever answers there decides about all others, by redirects and by what its name means a moment later.
 * So the addresses are judged, as they are resolved for connecting, and not the names.
 *
 * Instance metadata and the like are reached by their address only, never by a name.
 */
export function guardedConnector(
  build: typeof buildConnector,
  options: buildConnector.BuildOptions,
  network: Network,
): buildConnector.connector {
  let first: AddressScope | undefined;
  const isReachable = (address: string, isName: boolean): boolean => {
    const scope = network.scopeOf(address);
    if (first === undefined) return !isName || scope !== 'link-local';
    return REACHABLE[first].includes(scope);
  };
  const guardedLookup: LookupFunction = (hostname, { family, hints, all }, callback) => {
    const asked = { all: true, family: numberOf(family), hints } as const;
    network.lookup(hostname, asked, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [nearest] = addresses;
      const reachable = addresses.filter(({ address }) => isReachable(address, true));
      const [usual] = reachable;
      if (nearest !== undefined && usual === undefined) {
        return callback(new LedInside(hostname, nearest.address), []);
      }
      if (all === true) callback(null, reachable);
      else callback(null, usual?.address ?? '', usual?.family);
    });
  };
  const connect = build({ ...options, lookup: guardedLookup });
  return (target, callback) => {
    const { hostname } = target;
    if (isIP(hostname) !== 0 && !isReachable(hostname, false)) {
      callback(new LedInside(hostname, hostname), null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      first ??= network.scopeOf(socket.remoteAddress ?? '');
      callback(null, socket);
    });
  };
}

/** 0 stands for both. */
function numberOf(family: number | 'IPv4' | 'IPv6' = 0): number {
  return family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
}
