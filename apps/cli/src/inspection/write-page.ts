import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StorageError } from '@rawreel/storage';
import { isAddress } from '@rawreel/storage/address';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import type { RemoteSettings } from '../options/remote.ts';
import { remoteOf } from '../remote/open-input.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { writeWhole } from './write-file.ts';

/** An object of a bucket, not a folder in it. */
const OBJECT = /^s3:[/][/][^/]+[/](?:.*[/])?([^/]+)$/i;

/**
 * @param option that names the page
 * @throws UsageError for an address that takes no page
 */
export function checkPagePlace(page: string, option: string): void {
  if (isAddress(page) && !OBJECT.test(page))
    throw new UsageError(
      `${option} takes a file or s3://bucket/name.html, not "${printable(redactedAddress(page))}"`,
    );
}

/**
 * Writes a page where it belongs: a file, or an object of a bucket. One that cannot be uploaded stays on this machine.
 *
 * @throws CliError where it cannot be written, or uploaded: it then says where the page is kept
 */
export async function writePage(
  html: string,
  page: string,
  remote: RemoteSettings,
  context: Context,
): Promise<void> {
  if (isAddress(page)) await upload(html, page, remote, context);
  else await writeWhole(resolve(context.machine.workingFolder, page), [html], context.signal);
}

async function upload(
  html: string,
  address: string,
  settings: RemoteSettings,
  { packages, signal }: Context,
): Promise<void> {
  const { s3, cacheFolder = tmpdir() } = await remoteOf(settings);
  const folder = join(cacheFolder, `not-uploaded-${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, nameIn(address));
  let kept = false;
  try {
    await writeWhole(file, [html], signal);
    const { uploadFile } = await packages.storage();
    await uploadFile(file, address, { s3, signal }).catch((error: StorageError) => {
      signal.throwIfAborted();
      kept = true;
      throw notUploaded(error, file);
    });
  } finally {
    if (!kept) await rm(folder, { recursive: true, force: true });
  }
}

/** What this machine takes for a name. */
const nameIn = (address: string): string =>
  (OBJECT.exec(address)?.[1] ?? 'page.html')
    .replace(/[^\w.-]/g, '_')
    .replace(/^\.+$/, 'page.html')
    .slice(-200);

function notUploaded(error: StorageError, file: string): CliError {
  return new CliError(`the page was not uploaded: ${printable(error.message)}`, {
    code: error.code ?? 'ERR_UPLOAD_FAILED',
    hints: [...(error.hint ? error.hint.split('\n') : []), `It is kept on this machine: ${file}`],
    cause: error,
  });
}
