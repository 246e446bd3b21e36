import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FailedOutput, MANIFEST_NAME, type Report, type ReportedFile } from '@rawreel/processor';
import type { S3Options, StorageError } from '@rawreel/storage';
import { printable } from '@rawreel/text';
import type { Remote } from './cache.ts';
import type { Destination } from './destination.ts';
import { DeliveryError } from './errors.ts';
import type { Doors, ProcessorDoor, StorageDoor } from './packages.ts';

/** Files on their way at the same time: parts of one already fill a usual line. */
const UPLOADS_AT_ONCE = 2;

/** Runs into one prefix at the same time, each of which may have to merge its manifest once more. */
const MERGE_TRIES = 10;

/** Far above the manifest of any call. */
const LARGEST_MANIFEST = 64 * 2 ** 20;

/**
 * A prefix of a bucket. Files are made in a folder of the cache, uploaded as they are finished, and removed once the
 * bucket is seen to hold them; what could not be uploaded stays in the cache's folder, and the report says where.
 *
 * @param prefix `s3://bucket/prefix`, without a slash at its end
 * @throws {StorageError} where the bucket cannot be reached
 * @throws {ProcessorError} ERR_MANIFEST_UNREADABLE; as `openWorkFolder` for the cache
 */
export async function openBucketDestination(
  prefix: string,
  { cacheFolder, s3 }: Remote,
  signal: AbortSignal | undefined,
  doors: Pick<Doors, 'processor' | 'storage'>,
): Promise<Destination> {
  const bucket = new Bucket(await doors.storage(), prefix, { s3, signal });
  const manifest = await bucket.manifest();
  const processor = await doors.processor();
  if (manifest !== undefined) processor.parseManifest(manifest.text, bucket.addressOf(MANIFEST_NAME));
  const work = await processor.openWorkFolder(await workPlace(cacheFolder));
  if (manifest !== undefined) await writeFile(join(work.path, MANIFEST_NAME), manifest.text);
  return new BucketDestination(work, bucket, processor);
}

/** The cache, or without one a folder of this run's own, which goes with it. */
async function workPlace(cacheFolder: string | undefined): Promise<string> {
  if (cacheFolder === undefined) return join(tmpdir(), `rawreel-${randomBytes(8).toString('hex')}`);
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  return cacheFolder;
}

const NOT_UPLOADED = 'not-uploaded-';

interface Asking {
  readonly s3: S3Options | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The objects below one prefix. */
class Bucket {
  readonly prefix: string;
  readonly #storage: StorageDoor;
  readonly #asking: Asking;

  constructor(storage: StorageDoor, prefix: string, asking: Asking) {
    this.#storage = storage;
    this.prefix = prefix;
    this.#asking = asking;
  }

  async upload(path: string, file: string): Promise<void> {
    await this.#storage.uploadFile(path, this.addressOf(file), this.#asking);
  }

  /** Undefined where there is none yet. */
  async manifest(): Promise<{ readonly text: string; readonly etag: string } | undefined> {
    const there = await this.#storage.downloadSmall(this.addressOf(MANIFEST_NAME), {
      ...this.#asking,
      maxBytes: LARGEST_MANIFEST,
    });
    return there && { text: Buffer.from(there.bytes).toString('utf8'), etag: there.etag };
  }

  /** @returns false where somebody else has changed it since. Where the server cannot tell, the last one to write wins. */
  async replaceManifest(path: string, etag: string | undefined): Promise<boolean> {
    const condition = etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: etag };
    try {
      await this.#storage.uploadFile(path, this.addressOf(MANIFEST_NAME), { ...this.#asking, ...condition });
    } catch (error) {
      const { code } = error as StorageError;
      if (code === 'ERR_OBJECT_CHANGED') return false;
      if (code !== 'ERR_NOT_SUPPORTED') throw error;
      await this.#storage.uploadFile(path, this.addressOf(MANIFEST_NAME), this.#asking);
    }
    return true;
  }

  addressOf(file: string): string {
    return `${this.prefix}/${file}`;
  }
}

type WorkFolder = Awaited<ReturnType<ProcessorDoor['openWorkFolder']>>;

class BucketDestination implements Destination {
  readonly #work: WorkFolder;
  readonly #bucket: Bucket;
  readonly #processor: ProcessorDoor;
  readonly #uploads = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, StorageError>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Folder of what could not be uploaded. */
  #kept = '';

  constructor(work: WorkFolder, bucket: Bucket, processor: ProcessorDoor) {
    this.#work = work;
    this.#bucket = bucket;
    this.#processor = processor;
  }

  readonly isElsewhere = true;

  get folder(): string {
    return this.#work.path;
  }

  get shown(): string {
    return this.#bucket.prefix;
  }

  readonly onFinished = (file: string): void => {
    this.#uploads.set(file, this.#upload(file));
  };

  async finish(report: Report): Promise<Report> {
    await Promise.all(this.#uploads.values());
    const files = report.files.filter(({ path }) => !this.#failures.has(path));
    if (this.#failures.size > 0) await this.#keep();
    if (files.length > 0) await this.#mergeManifest(new Set(files.map(({ path }) => path)));
    const failed = report.files.flatMap((file) => this.#failureOf(file) ?? []);
    return { ...report, files, failures: [...report.failures, ...failed] };
  }

  /** What could not be uploaded is for a person to take care of: no later run removes it. */
  async #keep(): Promise<void> {
    this.#kept = join(dirname(this.folder), `${NOT_UPLOADED}${randomBytes(4).toString('hex')}`);
    await mkdir(this.#kept, { mode: 0o700 });
    for (const file of this.#failures.keys()) await rename(join(this.folder, file), join(this.#kept, file));
  }

  async #upload(file: string): Promise<void> {
    if (this.#running >= UPLOADS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      const path = join(this.folder, file);
      await this.#bucket.upload(path, file);
      await rm(path);
    } catch (error) {
      this.#failures.set(file, error as StorageError);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /** What others have written there since stays. */
  async #mergeManifest(made: ReadonlySet<string>): Promise<void> {
    const path = join(this.folder, MANIFEST_NAME);
    const { readManifest, parseManifest, mergedManifest } = this.#processor;
    const ours = (await readManifest(this.folder)).filter((file) => made.has(file.path));
    for (let tries = 0; tries < MERGE_TRIES; tries++) {
      const there = await this.#bucket.manifest();
      const known =
        there === undefined ? [] : parseManifest(there.text, this.#bucket.addressOf(MANIFEST_NAME));
      await writeFile(path, mergedManifest(known, ours));
      if (await this.#bucket.replaceManifest(path, there?.etag)) return;
    }
    throw new DeliveryError(
      'ERR_OBJECT_CHANGED',
      `${printable(this.shown)}/${MANIFEST_NAME} was changed by other writers again and again`,
      'The files are uploaded, but the manifest does not list them. Run it again when the others are done.',
    );
  }

  #failureOf({ path, kind }: ReportedFile): FailedOutput | undefined {
    const error = this.#failures.get(path);
    if (error === undefined) return undefined;
    const kept = `It is kept on this machine: ${join(this.#kept, path)}`;
    const hint = error.hint ? `${error.hint}\n${kept}` : kept;
    return { path, kind, code: error.code, message: `not uploaded: ${error.message}`, hint };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#uploads.values());
    await this.#work[Symbol.asyncDispose]();
  }
}
