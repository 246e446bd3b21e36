import { resolve } from 'node:path';
import type { Inspection } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { writeWhole } from '../inspection/write-file.ts';
import type { MediaSettings } from './media-settings.ts';

/** Writes the page on what happened in a call whose files are made, where one is asked for. */
export function pageWriter({ inspectionPage, quiet, json }: MediaSettings, context: Context) {
  if (inspectionPage === undefined) return undefined;
  const { packages, signal, machine, stdout, stderr } = context;
  let seen: Inspection | undefined;
  return {
    onInspection: (inspection: Inspection) => {
      seen = inspection;
    },
    async write(): Promise<void> {
      if (seen === undefined) {
        stderr.write('No page was written: all files were there already. Make one: rawreel inspect --html\n');
        return;
      }
      const { htmlOf } = await packages.processor();
      await writeWhole(resolve(machine.workingFolder, inspectionPage), [htmlOf(seen)], signal);
      if (!quiet && !json) stdout.write(`What happened in the call: ${printable(inspectionPage)}\n`);
    },
  };
}
