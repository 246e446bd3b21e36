/** Through what requests go. Addresses may hold a name and a password. */
export interface Proxies {
  /** For `http://`; for `https://`, too, where there is no other. */
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Hosts that are reached directly, between commas: `host`, `.domain`, `host:port`, `*`. */
  readonly noProxy: string;
}

/** This machine is behind no proxy, whatever is set. */
const OWN = 'localhost,127.0.0.1,::1';

/** What the usual variables say, in capitals or not; undefined where they name no proxy. */
export function proxiesIn(env: Readonly<Record<string, string | undefined>>): Proxies | undefined {
  const said = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const httpProxy = said('HTTP_PROXY');
  const httpsProxy = said('HTTPS_PROXY') || httpProxy;
  if (httpProxy === '' && httpsProxy === '') return undefined;
  return { httpProxy, httpsProxy, noProxy: [OWN, said('NO_PROXY')].filter(Boolean).join(',') };
}

let inUse: Proxies | undefined;

/** Those that all requests of this process go through; undefined where they go directly. */
export const proxiesInUse = (): Proxies | undefined => inUse;

/**
 * Sends all requests of this process through proxies from now on: objects at links and in buckets, and `fetch`. For programs to call,
 * as nothing here reads the environment.
 *
 * @throws TypeError where one is no address
 */
export async function useProxies(proxies: Proxies): Promise<void> {
  for (const proxy of [proxies.httpProxy, proxies.httpsProxy])
    if (proxy !== '' && !/^https?:$/.test(URL.parse(proxy)?.protocol ?? ''))
      throw new TypeError(`${shown(proxy)} is no address of a proxy, such as http://proxy.example:3128`);
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici');
  setGlobalDispatcher(new EnvHttpProxyAgent(proxies));
  inUse = proxies;
}

/** What to think of where nothing is reached; empty where requests go directly. */
export function proxyHint(): string {
  if (inUse === undefined) return '';
  const named = [...new Set([inUse.httpsProxy, inUse.httpProxy])].filter(Boolean).map(shown).join(' and ');
  return `Requests go through the proxy ${named} (HTTPS_PROXY, HTTP_PROXY), but to the hosts in NO_PROXY.`;
}

function shown(proxy: string): string {
  const url = URL.parse(proxy);
  return url?.host ? `${url.protocol}//${url.host}` : JSON.stringify(proxy.replace(/^.*@/s, '…@'));
}
