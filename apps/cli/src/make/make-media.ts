import { jsonText } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { openToLook } from '../remote/open-input.ts';
import { pageWriter } from './inspection-page.ts';
import { makeFiles } from './make-files.ts';
import { type MediaOptions, type MediaSettings, needOutput } from './media-settings.ts';
import { planMedia } from './plan-media.ts';
import { printPlan } from './print-plan.ts';
import { printReport, reportOf } from './print-report.ts';

/** Plans and writes files, or prints the plan. */
export async function makeMedia(
  settings: MediaSettings,
  options: Pick<MediaOptions, 'output' | 'dryRun'>,
  context: Context,
  program: Program,
): Promise<number> {
  needOutput(options);
  const { output, dryRun } = options;
  if (dryRun || output === undefined) {
    const processor = await context.packages.processor();
    await using recording = await openToLook(settings, context);
    return printPlan(await planMedia(settings, recording, processor), { ...settings, output }, context);
  }
  const page = pageWriter(settings, context);
  const made = await makeFiles(settings, output, context, program, page?.onInspection);
  if (settings.json) context.stdout.write(jsonText(reportOf(made)));
  else printReport(made, settings, context);
  await page?.write();
  return exitCodeOf(made.report, settings.acceptDamage);
}
