import type { Plan } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import { CliError } from '../failure/errors.ts';
import type { OpenedRecording, ProcessorPackage } from '../lazy-packages.ts';
import { idsOf } from '../listing/json-listing.ts';
import type { Input } from '../options/input.ts';
import type { TrackFilter } from '../options/track-filter.ts';
import { idAsPrinted } from '../terminal/id-as-printed.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import type { MediaSettings } from './media-settings.ts';

/** @throws CliError for an id that nobody has */
export async function planMedia(
  { request, filter, input }: MediaSettings,
  recording: OpenedRecording,
  processor: ProcessorPackage,
): Promise<Plan> {
  if (filter === undefined) return processor.planRecording(recording, request);
  const id = idAsPrinted(filter.id, idsOf(recording.tracks, filter.kind));
  try {
    return processor.planRecording(recording, { ...request, [filter.key]: id });
  } catch (error) {
    throw (await unknownId(error, filter, input)) ?? error;
  }
}

/** The error for an id that nobody has, with the one it is closest to and the command that lists them all. */
export async function unknownId(
  error: unknown,
  { id, kind }: TrackFilter,
  input: Input,
): Promise<CliError | undefined> {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_NO_SUCH_')))
    return undefined;
  const details =
    'details' in error ? (error.details as { known?: readonly string[] } | undefined) : undefined;
  const known = details?.known ?? [];
  const { closest } = await import('../failure/did-you-mean.ts');
  const near = closest(id, known);
  const list = `rawreel list-tracks ${input.flag} ${shellQuote(redactedAddress(input.path))} --format ${kind}`;
  return new CliError(`no ${kind.slice(0, -1)} "${printable(id)}" in this recording`, {
    code: String(error.code),
    hints: [...(near === undefined ? [] : [`Did you mean "${printable(near)}"?`]), `All ${kind}: ${list}`],
    cause: error,
  });
}
