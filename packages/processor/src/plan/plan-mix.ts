import type { Recording } from '@rawreel/archive';
import type { Candidate } from './candidates.ts';
import { callFileName, type Naming } from './file-names.ts';
import { checkPerUser } from './mix-layouts.ts';
import { mixSuffix } from './name-suffix.ts';
import type { MixOutput, PlanRequest } from './plan.ts';

/**
 * Of everybody, where only a part was chosen for the other outputs; of what was chosen, where a mix is all there is.
 *
 * @throws {ProcessorError} ERR_MIX_LAYOUT
 */
export function planMix(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  { outputs, mix = {} }: PlanRequest,
  recording: Pick<Recording, 'callType' | 'callId'>,
  naming: Naming,
): MixOutput[] {
  const { format = 'mp3', layout, bitrateKbps, loudnessLufs, gateDbov, screenshare = true } = mix;
  const isVoice = ({ planned }: Candidate) =>
    planned.kind === 'audio' && (screenshare || !planned.screenshare);
  const all = candidates.filter(isVoice);
  const voices = outputs.length === 1 ? chosen.filter(isVoice) : all;
  if (voices.length === 0) return [];
  if (layout === 'per-user') checkPerUser(format, new Set(voices.map(({ planned }) => planned.userId)).size);
  const part =
    voices.length === all.length ? undefined : voices.map(({ from }) => [from.sessionId, from.trackId]);
  const call = { type: recording.callType, id: recording.callId };
  return [
    {
      kind: 'mix',
      file: callFileName('mix', call, format, naming, mixSuffix(mix, part)),
      format,
      ...(layout === undefined ? {} : { layout }),
      ...(bitrateKbps === undefined ? {} : { bitrateKbps }),
      ...(loudnessLufs === undefined ? {} : { loudnessLufs }),
      ...(gateDbov === undefined ? {} : { gateDbov }),
      tracks: voices.map(({ number }) => number),
    },
  ];
}
