import { FailoverLooks } from '../failover/failover-looks.ts';
import { startFailoverRounds } from '../failover/failover-rounds.ts';
import { MAX_FILE_BYTES } from '../receive/limits.ts';
import { messageOf } from './message-of.ts';
import type { Part, ServiceContext } from './part.ts';
import { shownSeconds } from './shown-times.ts';

/** Of Google's S3 door, which Stream's failover lies behind, with HMAC keys. https://cloud.google.com/storage/docs/interoperability */
const GOOGLE = { endpoint: 'https://storage.googleapis.com', region: 'auto' } as const;

/** What Stream could not deliver, and has left in a bucket. */
export async function failoverPart({ jobs, config, log }: ServiceContext): Promise<Part> {
  const stops: (() => Promise<void>)[] = [];
  for (const { apiKey, failover } of config.apps) {
    if (failover === undefined) continue;
    const { bucket: address, endpoint = GOOGLE.endpoint, region = GOOGLE.region, profile } = failover;
    const s3 = { endpoint, region, profile };
    const { listObjects, downloadSmall } = await import('@rawreel/storage');
    const looks = new FailoverLooks({
      apiKey,
      ledger: jobs.ledger,
      now: Date.now,
      bucket: {
        async *list(signal) {
          for await (const { key, byteLength, modifiedAt } of listObjects(address, { s3, signal }))
            yield { key, byteLength, modifiedMs: modifiedAt.getTime() };
        },
        async read({ key }, signal) {
          const [, name = ''] = /^s3:\/\/([^/]+)/.exec(address) ?? [];
          const options = { maxBytes: MAX_FILE_BYTES, s3, signal };
          return (await downloadSmall(`s3://${name}/${key}`, options))?.bytes;
        },
      },
      onWarning: ({ code, key, message }) => log({ level: 'warn', text: message, fields: { code, key } }),
    });
    const stop = startFailoverRounds({
      look: (signal) => looks.look(signal),
      onLook: ({ files, taken }) => {
        if (taken > 0)
          log({
            level: 'info',
            text: `${taken} events of ${files} files taken from the failover bucket ${address}`,
          });
      },
      onFailure: (error, againInMs) => {
        const again = `it is tried again in ${shownSeconds(againInMs)}`;
        log({ level: 'error', text: `failover bucket ${address}: ${messageOf(error)}; ${again}` });
      },
    });
    stops.push(stop);
  }
  return {
    async stop(): Promise<void> {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
