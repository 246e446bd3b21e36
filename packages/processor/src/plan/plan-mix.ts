import type { Recording } from '@rawreel/archive';
import type { Candidate } from './candidates.ts';
import { compositeFileName } from './file-names.ts';
import { checkPerUser } from './mix-layouts.ts';
import type { MixOutput, PlanRequest } from './plan.ts';

/**
 * Of everybody, where only a part was chosen for the other outputs; of what was chosen, where a mix is all there is.
 *
 * @throws {ProcessorError} ERR_MIX_LAYOUT
 */
export function planMix(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  {
    outputs,
    mix: { format = 'mp3', layout, bitrateKbps, loudnessLufs, screenshare = true } = {},
  }: PlanRequest,
  recording: Pick<Recording, 'callType' | 'callId'>,
  timestampMs: number,
): MixOutput[] {
  const voices = (outputs.length === 1 ? chosen : candidates).filter(
    ({ planned }) => planned.kind === 'audio' && (screenshare || !planned.screenshare),
  );
  if (voices.length === 0) return [];
  if (layout === 'per-user') checkPerUser(format, new Set(voices.map(({ planned }) => planned.userId)).size);
  const call = { type: recording.callType, id: recording.callId };
  return [
    {
      kind: 'mix',
      file: compositeFileName(call, format, timestampMs),
      format,
      ...(layout === undefined ? {} : { layout }),
      ...(bitrateKbps === undefined ? {} : { bitrateKbps }),
      ...(loudnessLufs === undefined ? {} : { loudnessLufs }),
      tracks: voices.map(({ number }) => number),
    },
  ];
}
