import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isAddress } from '@rawreel/storage/address';
import type { Remote } from './cache.ts';
import { DeliveryError } from './errors.ts';
import { checkedDestination } from './open-destination.ts';

export interface ProbedDestination {
  /** The folder that was written to, or the nearest one that is there; or the prefix. */
  readonly place: string;
  /** The probe, where it could not be removed: nothing that is delivered has to be. */
  readonly left?: { readonly address: string; readonly error: Error } | undefined;
}

interface ProbeOptions {
  readonly remote?: Pick<Remote, 's3'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a file of a few bytes to where outputs would go, reads it and removes it.
 *
 * @param output a folder, or `s3://bucket/prefix`
 * @throws {DeliveryError} ERR_DESTINATION
 * @throws {StorageError} where the bucket refuses; system errors where the folder does
 */
export async function probeDestination(
  output: string,
  options: ProbeOptions = {},
): Promise<ProbedDestination> {
  const checked = checkedDestination(output);
  return isAddress(checked) ? await probeBucket(checked, options) : await probeFolder(checked);
}

async function probeFolder(output: string): Promise<ProbedDestination> {
  let place = resolve(output);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { name, text } = newProbe();
  const path = join(place, name);
  await writeFile(path, text, { flush: true });
  try {
    checkSame(await readFile(path, 'utf8'), text, path);
  } finally {
    await rm(path);
  }
  return { place };
}

async function probeBucket(
  output: string,
  { remote = {}, signal }: ProbeOptions,
): Promise<ProbedDestination> {
  const { uploadFile, downloadSmall, removeObject } = await import('@rawreel/storage');
  const { s3 } = remote;
  const { name, text } = newProbe();
  const place = output.replace(/[/]+$/, '');
  const address = `${place}/${name}`;
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-probe-'));
  try {
    const path = join(folder, name);
    await writeFile(path, text);
    await uploadFile(path, address, { s3, signal });
    const stored = await downloadSmall(address, { maxBytes: 1024, s3, signal });
    checkSame(stored && Buffer.from(stored.bytes).toString(), text, address);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  try {
    await removeObject(address, { s3, signal });
    return { place };
  } catch (error) {
    return { place, left: { address, error: error as Error } };
  }
}

function newProbe() {
  const id = randomUUID();
  return { name: `rawreel-probe-${id}`, text: `rawreel ${id}\n` };
}

function checkSame(read: string | undefined, written: string, where: string): void {
  if (read === written) return;
  throw new DeliveryError(
    'ERR_DESTINATION',
    `${where} was written, but ${read === undefined ? 'is not there' : 'its content differs'}`,
    'Check for another writer, or for a server that returns outdated objects.',
  );
}
