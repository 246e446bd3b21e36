import { jsonText } from '@rawreel/text';
import type { Context } from '../context.ts';
import { EXIT, worst } from '../exit-codes.ts';
import { asError, explain, writeError } from '../failure/explain-error.ts';
import type { Input } from '../options/input.ts';
import { openToLook } from '../remote/open-input.ts';
import { coloursFor } from '../terminal/colour.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { messageOf } from './made-of-many.ts';
import type { SettingsOfAll } from './media-settings.ts';
import { outputFolders } from './output-folders.ts';
import { planMedia } from './plan-media.ts';
import { codeOfPlan, printPlan } from './print-plan.ts';

/** What a dry run of several recordings prints; returns the exit code of the worst. */
export async function planMany(
  settings: SettingsOfAll,
  inputs: readonly Input[],
  output: string | undefined,
  context: Context,
): Promise<number> {
  const { signal, stdout, stderr, env, packages } = context;
  const processor = await packages.processor();
  const folders = output === undefined ? [] : outputFolders(inputs, output);
  const plans: object[] = [];
  const codes: number[] = [];
  for (const [index, input] of inputs.entries()) {
    const own = { ...settings, input, output: folders[index] };
    const shown = input.shown ?? redactedAddress(input.path);
    try {
      await using recording = await openToLook(own, context);
      const plan = await planMedia(own, recording, processor);
      if (settings.json) plans.push({ input: shown, output: own.output, plan });
      else printPlan(plan, own, context);
      codes.push(codeOfPlan(plan, settings));
    } catch (error) {
      signal.throwIfAborted();
      const explained = explain(error);
      codes.push(EXIT.failed);
      if (settings.json) plans.push({ input: shown, output: own.output, error: asError(explained) });
      else
        writeError({ ...explained, message: messageOf(explained, input) }, stderr, coloursFor(stderr, env));
    }
  }
  if (settings.json) stdout.write(jsonText(plans));
  return worst(codes);
}
