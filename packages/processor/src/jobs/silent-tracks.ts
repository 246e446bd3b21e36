import { CODECS } from '@rawreel/rtp';
import { printable } from '@rawreel/text';
import type { PlannedTrack } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { SegmentScan } from '../read/segment-scan.ts';
import type { TrackProblem } from '../track-problem.ts';

/** Nothing comes of a track, for a reason that is its own. */
export const noMedia = ({ userId, kind }: PlannedTrack, reason: string): ProcessorError =>
  new ProcessorError('ERR_NO_MEDIA', `${printable(userId)} ${kind} has no playable media: ${reason}`, {
    hint: 'Its recorded packets cannot be used, and another run will not change that. The other tracks are not affected.',
  });

/**
 * Why no output can have anything of a track, as far as scanning it tells. Undefined where something comes of it; where
 * nothing was sent, which is no fault; and where its dumps are damaged or missing, which is told as damage.
 */
export function silenceOf(track: PlannedTrack, scans: readonly SegmentScan[]): ProcessorError | undefined {
  if (scans.some(({ runs, unusable }) => runs.length > 0 && unusable === undefined)) return undefined;
  const [unsupported] = track.segments.flatMap(({ unsupportedCodec }) => unsupportedCodec ?? []);
  if (unsupported !== undefined) return codecUnsupported(track, unsupported);
  const isNameless = track.segments.every(({ codec }) => codec === undefined);
  if (isNameless && track.segments.some(({ dump }) => dump !== undefined))
    return noMedia(track, 'neither its metadata nor its SDP name a codec');
  const [reason] = scans.flatMap(({ unusable }) => unusable ?? []);
  return reason === undefined ? undefined : noMedia(track, reason);
}

const NAMES = Object.values(CODECS).map(({ name }) => name);
const SUPPORTED = `${NAMES.slice(0, -1).join(', ')} and ${NAMES.at(-1)}`;

function codecUnsupported({ userId, kind }: PlannedTrack, mime: string): ProcessorError {
  const codec = printable(mime);
  const message = `${printable(userId)} ${kind} cannot be made: its codec ${codec} is not supported yet`;
  const hint = `${SUPPORTED} are supported. The other tracks are not affected.`;
  return new ProcessorError('ERR_CODEC_UNSUPPORTED', message, { hint });
}

/** A track that is missing from what is made of several. */
export function leftOut(
  { userId, sessionId, trackId, kind }: PlannedTrack,
  code: 'TRACK_NOT_MIXED' | 'TRACK_NOT_MUXED',
  where: string,
  cause: unknown,
): TrackProblem {
  const isUnsupported = cause instanceof ProcessorError && cause.code === 'ERR_CODEC_UNSUPPORTED';
  const severity = isUnsupported ? 'notice' : 'damage';
  const reason = (cause as Error).message;
  const own = `${printable(userId)} ${kind} `;
  const message = `is not ${where}: ${reason.startsWith(own) ? `it ${reason.slice(own.length)}` : reason}`;
  return { code, severity, message, userId, sessionId, trackId };
}

/** A sender that changed its codec within a segment, to one that the SDP names too. */
export function codecChange(
  { userId, sessionId, trackId }: PlannedTrack,
  { segment, runs, otherCodecs }: SegmentScan,
): TrackProblem[] {
  if (otherCodecs.length === 0 || segment.codec === undefined) return [];
  const others = otherCodecs.map((codec) => CODECS[codec].name).join(' and ');
  const base = printable(segment.base);
  const message =
    runs.length === 0
      ? `${base} is ${others}, not ${CODECS[segment.codec].name} as its metadata says: its video file is named for it, and no muxed file has it`
      : `the sender changed its codec within ${base}, from ${CODECS[segment.codec].name} to ${others}: there is a video file for each, and muxed files have the first`;
  return [
    { code: 'CODEC_CHANGES', severity: 'notice', message, userId, sessionId, trackId, segment: segment.base },
  ];
}
