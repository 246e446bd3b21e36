import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Inspection } from '@rawreel/processor';
import { isAddress } from '@rawreel/storage/address';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { UsageError } from '../failure/errors.ts';
import { writeWhole } from '../inspection/write-file.ts';
import { remoteOf } from '../remote/open-input.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import type { MediaSettings } from './media-settings.ts';

/** An object of a bucket, not a folder in it. */
const OBJECT = /^s3:[/][/][^/]+[/](?:.*[^/])$/i;

/**
 * Writes the page on what happened in a call whose files are made, where one is asked for: a file, or an object of a bucket.
 *
 * @throws UsageError for an address that takes no page
 */
export function pageWriter(settings: MediaSettings, context: Context) {
  const { inspectionPage: page, input, quiet, json } = settings;
  if (page === undefined) return undefined;
  if (isAddress(page) && !OBJECT.test(page))
    throw new UsageError(
      `--report takes a file or s3://bucket/name.html, not "${printable(redactedAddress(page))}"`,
    );
  const { packages, machine, stdout, stderr } = context;
  const file = isAddress(page) ? undefined : resolve(machine.workingFolder, page);
  let seen: Inspection | undefined;
  return {
    onInspection: (inspection: Inspection) => {
      seen = inspection;
    },
    async write(): Promise<void> {
      if (seen === undefined) {
        const isKept = file !== undefined && existsSync(file);
        const what = isKept ? `${printable(page)} was left as it is` : 'No page was written';
        const again = `rawreel inspect ${input.flag} ${shellQuote(redactedAddress(input.path))} --html ${shellQuote(file === undefined ? 'report.html' : page)}`;
        stderr.write(`${what}: all files were there already, so nothing was read. Make one: ${again}\n`);
        return;
      }
      const { htmlOf } = await packages.processor();
      if (file === undefined) await upload(htmlOf(seen), page, settings, context);
      else await writeWhole(file, [htmlOf(seen)], context.signal);
      if (!quiet && !json) stdout.write(`What happened in the call: ${printable(page)}\n`);
    },
  };
}

/** @throws StorageError */
async function upload(
  html: string,
  address: string,
  { remote }: MediaSettings,
  { packages, signal }: Context,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-page-'));
  try {
    const file = join(folder, 'page.html');
    await writeWhole(file, [html], signal);
    const { s3 } = await remoteOf(remote);
    const { uploadFile } = await packages.storage();
    await uploadFile(file, address, { s3, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
