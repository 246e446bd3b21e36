import type { Recording } from '@rawreel/archive';
import { turnsFileName, voiceFileNames } from './file-names.ts';
import type { PlannedTrack, TurnsFormat, TurnsOutput, VoiceOutput } from './plan.ts';

const FORMATS: readonly TurnsFormat[] = ['json', 'rttm', 'vtt'];

/**
 * A voice for each user of the tracks and who spoke when in them, by microphone only: what is played in a shared screen
 * is nobody's voice. Names are the recording's, whatever part of it is asked for.
 */
export function planTranscription(
  recording: Pick<Recording, 'callType' | 'callId' | 'tracks'>,
  tracks: readonly (Pick<PlannedTrack, 'kind' | 'screenshare' | 'userId'> & { readonly number: number })[],
  timestampMs: number,
): (VoiceOutput | TurnsOutput)[] {
  const microphones = tracks.filter(({ kind, screenshare }) => kind === 'audio' && !screenshare);
  if (microphones.length === 0) return [];
  const call = { type: recording.callType, id: recording.callId };
  const users = [...new Set(recording.tracks.map(({ userId }) => userId))];
  const names = voiceFileNames(call, users, timestampMs);
  const voices = [...Map.groupBy(microphones, ({ userId }) => userId)].map(
    ([userId, own]): VoiceOutput => ({
      kind: 'voice',
      file: names[users.indexOf(userId)] ?? '',
      tracks: own.map(({ number }) => number),
    }),
  );
  const turns = FORMATS.map(
    (format): TurnsOutput => ({
      kind: 'turns',
      file: turnsFileName(call, format, timestampMs),
      format,
      tracks: microphones.map(({ number }) => number),
    }),
  );
  return [...voices, ...turns];
}
