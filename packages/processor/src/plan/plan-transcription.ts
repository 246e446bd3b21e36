import type { Recording } from '@rawreel/archive';
import { callFileName, type Naming, userFileNames } from './file-names.ts';
import { shortHash } from './name-suffix.ts';
import type { PlannedTrack, TurnsFormat, TurnsOutput, VoiceOutput } from './plan.ts';

const FORMATS: readonly TurnsFormat[] = ['json', 'rttm', 'vtt'];

/**
 * A voice for each user of the tracks and who spoke when in them, by microphone only: what is played in a shared screen
 * is nobody's voice. Names are the recording's, whatever part of it is asked for.
 */
export function planTranscription(
  recording: Pick<Recording, 'callType' | 'callId' | 'tracks'>,
  tracks: readonly (Pick<PlannedTrack, 'kind' | 'screenshare' | 'userId' | 'sessionId' | 'trackId'> & {
    readonly number: number;
  })[],
  naming: Naming,
): (VoiceOutput | TurnsOutput)[] {
  const microphones = tracks.filter(({ kind, screenshare }) => kind === 'audio' && !screenshare);
  if (microphones.length === 0) return [];
  const call = { type: recording.callType, id: recording.callId };
  const users = [...new Set(recording.tracks.map(({ userId }) => userId))];
  const names = userFileNames('voice', call, users, 'flac', naming);
  const all = recording.tracks.filter(({ kind, screenshare }) => kind === 'audio' && !screenshare);
  // Of some of the microphones they are other turns than those of all.
  const isPart = all.length > microphones.length;
  const part = isPart
    ? `_${shortHash(microphones.map(({ sessionId, trackId }) => [sessionId, trackId]))}`
    : '';
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
      file: callFileName('turns', call, format, naming, part),
      format,
      tracks: microphones.map(({ number }) => number),
    }),
  );
  return [...voices, ...turns];
}
