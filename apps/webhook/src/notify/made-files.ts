import type { Outputs } from '@rawreel/jobs';
import { type ManifestFile, parseManifest, readManifest } from '@rawreel/processor';
import { downloadSmall, signedLinks } from '@rawreel/storage';
import { isAddress } from '@rawreel/storage/address';

/** What was made of a recording, as its manifest says. */
export interface MadeFiles {
  readonly files: readonly MadeFile[];
  /** Of the manifest, where there is one. */
  readonly manifestLink?: string | undefined;
  /** Links hold up to then, RFC 3339. */
  readonly linksExpireAt?: string | undefined;
}

export interface MadeFile {
  readonly path: string;
  readonly kind: ManifestFile['kind'];
  readonly byteLength: number;
  readonly durationMs: number;
  readonly sha256: string;
  /** `s3://bucket/key`, or a path of the machine that made it. */
  readonly address: string;
  /** By which anybody can read it, for a while. */
  readonly link?: string | undefined;
}

/** As long as a delivery is tried from one day to the next. Each try signs anew. */
const LINK_SECONDS = 24 * 3600;
/** A webhook is no archive of links: the manifest lists all. */
const MOST_LISTED = 500;
const LARGEST_MANIFEST = 64 * 2 ** 20;

/**
 * Reads the manifest where it lies. In a bucket each file gets a link, which carries a signature; in a folder its path is all that can
 * be told.
 *
 * @throws {StorageError | ProcessorError} where it cannot be read
 * @throws {Error} where there is none: its folder is on another machine, or was removed
 */
export async function madeFiles(
  { destination, manifest }: Outputs,
  { signal, now = Date.now }: { readonly signal: AbortSignal; readonly now?: () => number },
): Promise<MadeFiles> {
  const found = isAddress(manifest)
    ? await manifestInBucket(manifest, signal)
    : await readManifest(destination);
  if (found === undefined || found.length === 0) throw new Error(`${manifest} is not here`);
  const listed = found.slice(0, MOST_LISTED);
  const addressOf = ({ path }: ManifestFile) => `${destination}/${path}`;
  if (!isAddress(manifest)) return { files: listed.map((file) => madeFile(file, addressOf(file))) };
  const signedAtMs = now();
  const links = await signedLinks([manifest, ...listed.map(addressOf)], { seconds: LINK_SECONDS });
  return {
    files: listed.map((file, index) => madeFile(file, addressOf(file), links[index + 1])),
    manifestLink: links[0],
    linksExpireAt: new Date(signedAtMs + LINK_SECONDS * 1000).toISOString(),
  };
}

async function manifestInBucket(
  address: string,
  signal: AbortSignal,
): Promise<readonly ManifestFile[] | undefined> {
  const there = await downloadSmall(address, { signal, maxBytes: LARGEST_MANIFEST });
  return there && parseManifest(Buffer.from(there.bytes).toString('utf8'), address);
}

function madeFile(
  { path, kind, byteLength, durationMs, sha256 }: ManifestFile,
  address: string,
  link?: string,
): MadeFile {
  return { path, kind, byteLength, durationMs, sha256, address, link };
}
