import { jsonText } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import { asError, explain } from '../failure/explain-error.ts';
import { openToLook } from '../remote/open-input.ts';
import { findInputs } from './find-inputs.ts';
import { pageWriter } from './inspection-page.ts';
import { makeFiles } from './make-files.ts';
import { makeMany } from './make-many.ts';
import { type MediaOptions, type MediaSettings, needOutput, type SettingsOfAll } from './media-settings.ts';
import { planMany } from './plan-many.ts';
import { planMedia } from './plan-media.ts';
import { printPlan } from './print-plan.ts';
import { printReport, reportOf } from './print-report.ts';
import { printScenes } from './print-scenes.ts';

/** Plans and writes files of one recording or of several, or prints the plans. */
export async function makeMedia(
  settings: SettingsOfAll,
  options: Pick<MediaOptions, 'output' | 'dryRun'>,
  context: Context,
  program: Program,
): Promise<number> {
  needOutput(options);
  const { output } = options;
  const isDryRun = options.dryRun || output === undefined;
  await using found = await findInputs(settings.inputs, settings.remote, context);
  const [input, ...others] = found.inputs;
  if (input !== undefined && others.length === 0 && !found.areMany) {
    const own = { ...settings, input };
    return isDryRun
      ? await planOne(own, output, context, program)
      : await makeOne(own, output, context, program);
  }
  if (settings.inspectionPage !== undefined)
    throw new UsageError('--report writes the page of one recording, and there are several', [
      'Name one of them; or make a page for each: rawreel inspect <recording> --html <page>.',
    ]);
  if (!settings.quiet) for (const line of found.said) context.stderr.write(`${line}\n`);
  return isDryRun
    ? await planMany(settings, found.inputs, output, context)
    : await makeMany(settings, found.inputs, output, context, program);
}

async function planOne(
  settings: MediaSettings,
  output: string | undefined,
  context: Context,
  program: Program,
): Promise<number> {
  const processor = await context.packages.processor();
  await using recording = await openToLook(settings, context);
  const plan = await planMedia(settings, recording, processor);
  const code = printPlan(plan, { ...settings, output }, context);
  if (!settings.json) await printScenes(settings, context, program);
  return code;
}

async function makeOne(
  settings: MediaSettings,
  output: string,
  context: Context,
  program: Program,
): Promise<number> {
  const page = pageWriter(settings, context);
  const made = await makeFiles(settings, output, context, program, page?.onInspection);
  const exitCode = exitCodeOf(made.report, settings.acceptDamage);
  if (!settings.json) {
    printReport(made, settings, context);
    await page?.write();
    return exitCode;
  }
  const report = reportOf(made);
  const failed = await page?.write().catch((error: unknown) => {
    context.signal.throwIfAborted();
    return { path: page.page, kind: 'page', ...asError(explain(error)) };
  });
  const failures = [...report.failures, ...(failed ? [failed] : [])];
  context.stdout.write(jsonText({ ...report, failures }));
  return failed ? EXIT.failed : exitCode;
}
