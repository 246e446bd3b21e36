import { flag, parsed, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';

export const CACHE_DIR = text({
  group: 'Advanced',
  help: "folder for data that was read from addresses (default: the user's cache folder)",
  placeholder: 'folder',
  completes: 'folder',
  example: '/var/cache/rawreel',
});

/** How addresses are read and written. */
export const REMOTE = {
  s3Endpoint: parsed({
    group: 'Advanced',
    help: 'an S3-compatible server (MinIO, R2 and the like) for s3:// addresses, as AWS_ENDPOINT_URL',
    placeholder: 'url',
    example: 'https://minio.example:9000',
    read: readEndpoint,
  }),
  cacheDir: CACHE_DIR,
  cache: flag({
    group: 'Advanced',
    help: 'keep data that was read from an address for the next command',
    default: true,
  }),
};

function readEndpoint(given: string, name: string): string {
  if (/^https?:\/\/[^/]/i.test(given)) return given;
  throw new UsageError(`${name} takes an address such as https://minio.example:9000, not "${given}"`);
}

export interface RemoteSettings {
  /** Undefined: the user's own. */
  readonly cacheFolder: string | undefined;
  /** Whether what was read stays for the next command. */
  readonly keep: boolean;
  readonly s3Endpoint: string | undefined;
}

export const remoteSettings = ({
  cacheDir,
  cache,
  s3Endpoint,
}: OptionsOf<typeof REMOTE>): RemoteSettings => ({ cacheFolder: cacheDir, keep: cache, s3Endpoint });
