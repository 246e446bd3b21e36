import { printable } from '@rawreel/text';
import type { TrackProblem } from '../track-problem.ts';
import type { Candidate } from './candidates.ts';
import { checkContainer } from './containers.ts';
import { individualFileNames, type Naming, withSuffix } from './file-names.ts';
import { languageCode } from './language-code.ts';
import { pairTracks } from './pair-tracks.ts';
import type { MuxedOutput, PlannedTrack, PlanRequest } from './plan.ts';

/**
 * Names and pairs are the recording's, whatever part of it is asked for.
 *
 * @throws {ProcessorError} ERR_CONTAINER_CODEC
 */
export function planMuxed(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  {
    muxed: { media = 'both', container = 'mkv', language: tag, includeSingle = false } = {},
    outputs: wanted,
  }: PlanRequest,
  naming: Naming,
): { outputs: MuxedOutput[]; problems: TrackProblem[] } {
  const language = languageCode(tag);
  const asked = new Set(chosen.map(({ number }) => number));
  const paired = candidates.filter(({ isMuxed }) => isMuxed);
  const groups = pairTracks(paired.map(({ planned }) => planned)).filter(({ screenshare }) =>
    media === 'both' ? true : screenshare === (media === 'display'),
  );
  const names = individualFileNames(
    groups.map(({ names: track }) => ({
      track: (candidates[track] as Candidate).named,
      media: 'audio_video',
      extension: container,
      ...naming,
    })),
  );
  const outputs: MuxedOutput[] = [];
  const problems: TrackProblem[] = [];
  for (const [index, { tracks }] of groups.entries()) {
    if (!tracks.some((number) => asked.has(number))) continue;
    const planned = tracks.flatMap((number) => candidates[number]?.planned ?? []);
    const [single, partner] = planned;
    if (partner === undefined && !includeSingle) {
      if (single !== undefined && !wanted.includes(single.kind)) problems.push(unpaired(single));
      continue;
    }
    for (const track of planned) checkContainer(track, container);
    outputs.push({
      kind: 'muxed',
      file: withSuffix(names[index] ?? '', language === undefined ? '' : `_language-${language}`),
      container,
      ...(language === undefined ? {} : { language }),
      tracks,
    });
  }
  return { outputs, problems };
}

/** Said where no other file has the track. */
function unpaired(track: PlannedTrack): TrackProblem {
  const { userId, sessionId, trackId, kind } = track;
  const other = kind === 'audio' ? 'video' : 'audio';
  const message = `${printable(userId)} ${kind} has no ${other} to mux with and was skipped (--include-single writes it on its own)`;
  return { code: 'TRACK_UNPAIRED', severity: 'notice', message, userId, sessionId, trackId };
}
