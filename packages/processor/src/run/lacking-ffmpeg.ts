import { printable } from '@rawreel/text';
import { knownFfmpeg } from '../ffmpeg/known-ffmpeg.ts';
import { ffmpegNeedOf } from '../plan/ffmpeg-needs.ts';
import type { PlannedOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';

/**
 * The outputs that cannot be made with the ffmpeg that is there, each with its ERR_NO_FFMPEG: what is known before any work
 * is not to be found out behind hours of it. ffmpeg is asked only where an output needs it.
 */
export async function lackingFfmpeg(
  outputs: readonly PlannedOutput[],
  ffmpegPath: string | undefined,
): Promise<ReadonlyMap<PlannedOutput, ProcessorError>> {
  const lacking = new Map<PlannedOutput, ProcessorError>();
  for (const output of outputs) {
    const need = ffmpegNeedOf(output);
    if (need === undefined) continue;
    const { what, encoders, instead, withoutEncoder = instead } = need;
    const found = await knownFfmpeg(ffmpegPath);
    if ('reason' in found) {
      lacking.set(
        output,
        noFfmpeg(`${what} needs ffmpeg, and ${found.message}`, `Install ffmpeg, or ${instead}.`),
      );
      continue;
    }
    const missing = encoders.find((encoder) => !found.encoders.includes(encoder));
    if (missing === undefined) continue;
    const shown = printable(missing);
    const says = `${what} needs the encoder ${shown}, and ${printable(found.path)} ${found.version} does not have it`;
    lacking.set(output, noFfmpeg(says, `Install an ffmpeg with ${shown}, or ${withoutEncoder}.`));
  }
  return lacking;
}

const noFfmpeg = (message: string, hint: string): ProcessorError =>
  new ProcessorError('ERR_NO_FFMPEG', message, { hint });
