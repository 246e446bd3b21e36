import type { Delivered } from '@rawreel/delivery';
import type { Report } from '@rawreel/processor';
import type { Context } from '../context.ts';
import { readOverNetwork } from '../remote/transfer-progress.ts';
import { summary, trouble } from '../summary/summary.ts';
import { coloursFor } from '../terminal/colour.ts';
import type { MediaSettings } from './media-settings.ts';

/** For a program. */
export function reportOf({ report, transferred }: Delivered): Report & { readonly transferred?: number } {
  return { ...report, ...(transferred !== undefined && { transferred }) };
}

/** For a person. */
export function printReport(
  delivered: Delivered,
  { quiet, verbose, acceptDamage }: Pick<MediaSettings, 'quiet' | 'verbose' | 'acceptDamage'>,
  { stdout, stderr, env }: Context,
): void {
  const { report, destination: output } = delivered;
  const options = { output, acceptDamage, verbose, read: readOverNetwork(delivered) };
  if (quiet) stderr.write(trouble(report, { ...options, colours: coloursFor(stderr, env) }));
  else stdout.write(summary(report, { ...options, colours: coloursFor(stdout, env) }));
}
