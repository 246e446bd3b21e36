import { SQSClient } from '@aws-sdk/client-sqs';
import { setMissingHome } from '@rawreel/storage/home';
import { proxiedAgents } from '@rawreel/storage/proxied-agents';
import { withoutUndefined } from '@rawreel/text';

/** A queue of SQS, and how it is reached. Credentials come in the standard AWS ways. */
export interface QueueAddress {
  /** `https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events` */
  readonly url: string;
  /** Default: the one in the URL, else that of the standard AWS ways. */
  readonly region?: string | undefined;
  /** Where requests go, for a server that is reached elsewhere than at its URLs. Default: the URL's host. */
  readonly endpoint?: string | undefined;
}

/** A long poll takes 20 s; a connection without a byte for twice that is broken. */
const STALL_MS = 40_000;
const CONNECT_WITHIN_MS = 10_000;

/** https://docs.aws.amazon.com/general/latest/gr/sqs-service.html */
const AWS_HOST = /^(?:sqs[.]([a-z0-9-]+)|([a-z0-9-]+)[.]queue)[.]amazonaws[.]com(?:[.]cn)?$/;

export function createQueueClient({ url, region = regionOf(url), ...address }: QueueAddress): SQSClient {
  setMissingHome();
  const { endpoint = regionOf(url) === undefined ? new URL(url).origin : undefined } = address;
  const useQueueUrlAsEndpoint = endpoint === undefined;
  const requestHandler = {
    connectionTimeout: CONNECT_WITHIN_MS,
    socketTimeout: STALL_MS,
    ...proxiedAgents(),
  };
  return new SQSClient(withoutUndefined({ useQueueUrlAsEndpoint, requestHandler, region, endpoint }));
}

/** @returns undefined where the URL does not say */
export function regionOf(url: string): string | undefined {
  const [, region, legacy] = AWS_HOST.exec(URL.parse(url)?.hostname ?? '') ?? [];
  return region ?? legacy;
}
