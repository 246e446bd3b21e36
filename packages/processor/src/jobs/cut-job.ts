import { printable } from '@rawreel/text';
import type { OutputSettings } from '../plan/output-settings.ts';
import { cutTrack, decodableFrom } from '../read/cut-track.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TrackProblem } from '../track-problem.ts';
import { type JobEvents, readingOf } from './job.ts';

/** A picture that begins by so much before the cut is none that anybody would miss or mind. */
const LEAD_WORTH_TELLING_MS = 100;

/** The tracks of a job as far as its cut has them, and where the file begins elsewhere. */
export async function cutJob(
  { settings, tracks }: { readonly settings: OutputSettings; readonly tracks: readonly PlacedTrack[] },
  events: JobEvents,
): Promise<{ readonly tracks: readonly PlacedTrack[]; readonly problems: readonly TrackProblem[] }> {
  const { cut, align } = settings.plan;
  if (cut === undefined) return { tracks, problems: [] };
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = cut;
  const wantedMs = settings.zeroUnixMs + fromMs;
  const picture = tracks.find(({ track }) => track.kind === 'video');
  const reading = readingOf(settings, events, () => undefined);
  const isLed = picture !== undefined && align === 'track' && cut.fromMs !== undefined;
  const beginMs = isLed ? await decodableFrom(picture, wantedMs, reading) : wantedMs;
  const window = { fromMs: beginMs, untilMs: settings.zeroUnixMs + toMs };
  const leadMs = wantedMs - beginMs;
  return {
    tracks: tracks.flatMap((placed) => cutTrack(placed, window) ?? []),
    problems: picture && leadMs >= LEAD_WORTH_TELLING_MS ? [ledIn(picture, leadMs)] : [],
  };
}

function ledIn({ track: { userId, sessionId, trackId } }: PlacedTrack, leadMs: number): TrackProblem {
  const seconds = (leadMs / 1000).toFixed(1);
  const message = `${printable(userId)} video begins ${seconds} s before the cut, at the key frame that it is decoded from`;
  return { code: 'CUT_AT_KEY_FRAME', severity: 'notice', message, userId, sessionId, trackId };
}
