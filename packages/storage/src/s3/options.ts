/** What differs from the standard AWS ways (environment, shared config, profiles, instance roles), which hold for all else. */
export interface S3Options {
  /** Address of an S3-compatible server (MinIO, R2, …). Default: `AWS_ENDPOINT_URL_S3`, else `AWS_ENDPOINT_URL`. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}
