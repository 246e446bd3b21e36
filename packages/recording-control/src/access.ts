import type { StreamClient } from '@stream-io/node-sdk';
import { callTypesOf } from './answers.ts';
import type { Signal } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Requests } from './requests.ts';

export interface Access {
  /** Stream's time less this machine's, in milliseconds, to about a second; undefined where the answer has no date. */
  readonly clockOffsetMs: number | undefined;
}

/** One request that changes nothing, to see that key and secret open the app. */
export async function checkAccess(
  client: StreamClient,
  requests: Requests,
  clock: Clock,
  { signal }: { readonly signal?: Signal },
): Promise<Access> {
  return await requests.read({
    endpoint: 'ListCallTypes',
    action: 'The app cannot be asked',
    signal,
    send: () => client.video.listCallTypes(),
    parse: (answer) => {
      callTypesOf(answer);
      const offset = Date.parse(answer.metadata.responseHeaders.get('date') ?? '') - clock.now();
      return { clockOffsetMs: Number.isNaN(offset) ? undefined : offset };
    },
  });
}
