import { printable } from '@rawreel/text';
import { flawsOfFilm } from '../composite/check-film.ts';
import type { Unseen } from '../composite/film-pictures.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import { ProcessorError } from '../processor-error.ts';
import type { Verified } from '../report/report.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { JobEvents } from './job.ts';

/**
 * Reads a finished film back.
 *
 * @throws {ProcessorError} ERR_OUTPUT_DIFFERS
 */
export async function filmChecked(
  { settings, output }: { readonly settings: OutputSettings; readonly output: { readonly file: string } },
  path: string,
  film: Parameters<typeof flawsOfFilm>[1],
  { signal }: JobEvents,
): Promise<Verified> {
  const flaws = await flawsOfFilm(path, film, { ffmpegPath: settings.ffmpegPath, signal });
  if (flaws.length === 0) return { frames: 0, decodes: true };
  const message = `${output.file} is not what it should be: ${flaws.join('; ')}`;
  throw new ProcessorError('ERR_OUTPUT_DIFFERS', message, {
    hint: 'It was not kept. Run it again; if it happens again, report it with what --verbose prints.',
  });
}

export function notSeen({ placed: { track }, reason }: Unseen): TrackProblem {
  const { userId, sessionId, trackId } = track;
  const message = `${printable(userId)} is not seen all along: ${reason}`;
  return { code: 'TRACK_NOT_SEEN', severity: 'damage', message, userId, sessionId, trackId };
}
