import type { Plan } from '@rawreel/processor';
import { jsonText } from '@rawreel/text';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { problemLines } from '../listing/problem-lines.ts';
import { dryRun } from '../summary/dry-run.ts';
import { coloursFor } from '../terminal/colour.ts';
import type { MediaSettings } from './media-settings.ts';

type Printing = Pick<MediaSettings, 'json' | 'quiet' | 'verbose' | 'acceptDamage'> & {
  readonly output: string | undefined;
};

/** What a dry run prints; returns the exit code. */
export function printPlan(plan: Plan, settings: Printing, { stdout, stderr, env }: Context): number {
  if (settings.json) stdout.write(jsonText(plan));
  else stdout.write(dryRun(plan, settings.output, coloursFor(stdout, env)));
  if (!settings.json && !settings.quiet) {
    const colours = coloursFor(stderr, env);
    for (const line of problemLines(plan.problems, settings.verbose)) {
      stderr.write(`${colours.yellow('rawreel:')} ${line}\n`);
    }
  }
  return codeOfPlan(plan, settings);
}

export function codeOfPlan(plan: Plan, { acceptDamage }: Pick<MediaSettings, 'acceptDamage'>): number {
  const damaged = plan.problems.some(({ severity }) => severity === 'damage');
  return damaged && !acceptDamage ? EXIT.damaged : EXIT.whole;
}
