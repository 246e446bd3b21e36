/** What differs from the standard AWS ways (environment, shared config, profiles, instance roles), which hold for all else. */
export interface S3Options {
  /** Address of an S3-compatible server (MinIO, R2, …); `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL` unless told. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}
