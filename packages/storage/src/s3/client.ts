import { S3Client } from '@aws-sdk/client-s3';
import { withoutUndefined } from '@rawreel/text';
import { StorageError } from '../errors.ts';
import { setMissingHome } from '../home.ts';
import type { S3Options } from './options.ts';
import { proxiedAgents } from './proxied-agents.ts';

/** Servers of others take any region, or this one by default. */
const REGION_OF_OTHERS = 'us-east-1';

interface HandlerOptions {
  /** Milliseconds without a byte. */
  readonly socketTimeout?: number;
}

const AWS_HOST = /[.]amazonaws[.]com([.]cn)?$/;

/**
 * A client that follows a bucket to its region, and names buckets in the path where the endpoint is not AWS's: few others have a host
 * name for each bucket, and the SDK by itself expects one of all that are not IP addresses.
 *
 * Where the endpoint is AWS's and no region is set, requests fail with StorageError ERR_WRONG_REGION.
 */
export function createS3Client(given: S3Options = {}, requestHandler: HandlerOptions = {}): S3Client {
  setMissingHome();
  // The SDK takes what is undefined for a setting.
  const options = withoutUndefined(given);
  // Opens nothing; what the SDK finds by itself is asked of it.
  const standard = new S3Client(options).config;
  let noRegion = false;
  return new S3Client({
    ...options,
    requestHandler: { ...requestHandler, ...proxiedAgents() },
    followRegionRedirects: true,
    // The SDK's default adds checksums to every request, in ways that older servers of others refuse, and checks whole answers only.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    region: () =>
      standard.region().catch(() => {
        noRegion = true;
        return REGION_OF_OTHERS;
      }),
    // Here the endpoint is known, whichever way it was told.
    endpointProvider: (parameters, context) => {
      const { Endpoint: endpoint } = parameters;
      const isOther = endpoint !== undefined && !AWS_HOST.test(new URL(endpoint).hostname);
      if (noRegion && !isOther) {
        throw new StorageError('ERR_WRONG_REGION', 'No AWS region is set', {
          hint: 'Set AWS_REGION, or region in the profile of ~/.aws/config, to that of the bucket.',
        });
      }
      return standard.endpointProvider({ ...parameters, ForcePathStyle: isOther }, context);
    },
  });
}
