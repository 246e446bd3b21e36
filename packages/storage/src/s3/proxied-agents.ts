import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { proxiesInUse } from '../proxies.ts';

/** As the AWS SDK makes its own. */
const LIKE_THE_SDK = { keepAlive: true, maxSockets: 50 } as const;

/**
 * What a client of the AWS SDK is to send requests with, as part of its `requestHandler`: where they go through proxies, agents that
 * do, as Node's can from 22.21 and 24.5 on; else nothing.
 */
export function proxiedAgents(): { readonly httpAgent?: HttpAgent; readonly httpsAgent?: HttpsAgent } {
  const proxies = proxiesInUse();
  if (proxies === undefined) return {};
  const { httpProxy, httpsProxy, noProxy } = proxies;
  const proxyEnv = { HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy };
  return {
    httpAgent: new HttpAgent({ ...LIKE_THE_SDK, proxyEnv }),
    httpsAgent: new HttpsAgent({ ...LIKE_THE_SDK, proxyEnv }),
  };
}
