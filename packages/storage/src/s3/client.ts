import { S3Client } from '@aws-sdk/client-s3';

/** What differs from the standard AWS ways (environment, shared config, profiles, instance roles), which hold for all else. */
export interface S3Options {
  /** Address of an S3-compatible server (MinIO, R2, …); `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL` unless told. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A client that follows a bucket to its region, and names buckets in the path where the endpoint is not AWS's. */
export function createS3Client(options: S3Options = {}): S3Client {
  return new S3Client({ ...options, followRegionRedirects: true });
}
