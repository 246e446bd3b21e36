import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Inspection } from '@rawreel/processor';
import { isAddress } from '@rawreel/storage/address';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { checkPagePlace, writePage } from '../inspection/write-page.ts';
import { inputAsTyped } from '../terminal/input-as-typed.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import type { MediaSettings } from './media-settings.ts';

/**
 * Writes the page on what happened in a call whose files are made, where one is asked for.
 *
 * @throws UsageError for an address that takes no page
 */
export function pageWriter(settings: MediaSettings, context: Context) {
  const { inspectionPage: page, input, remote, quiet, json } = settings;
  if (page === undefined) return undefined;
  checkPagePlace(page, '--report');
  const { packages, machine, stdout, stderr } = context;
  let seen: Inspection | undefined;
  return {
    page,
    onInspection: (inspection: Inspection) => {
      seen = inspection;
    },
    /** @throws CliError as `writePage` */
    async write(): Promise<void> {
      if (seen === undefined) {
        const isKept = !isAddress(page) && existsSync(resolve(machine.workingFolder, page));
        const what = isKept ? `${printable(page)} was left as it is` : 'No page was written';
        const again = `rawreel inspect ${inputAsTyped(input)} --html ${shellQuote(page)}`;
        stderr.write(`${what}: all files were there already, so nothing was read. Make one: ${again}\n`);
        return;
      }
      const { htmlOf } = await packages.processor();
      await writePage(htmlOf(seen), page, remote, context);
      if (!quiet && !json) stdout.write(`What happened in the call: ${printable(page)}\n`);
    },
  };
}
