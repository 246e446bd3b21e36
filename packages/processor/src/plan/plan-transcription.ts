import type { Recording } from '@rawreel/archive';
import { callFileName, type Naming, userFileNames, withSuffix } from './file-names.ts';
import { shortHash } from './name-suffix.ts';
import type { PlannedTrack, TurnsFormat, TurnsOutput, VoiceOutput } from './plan.ts';

const FORMATS: readonly TurnsFormat[] = ['json', 'rttm', 'vtt'];

const partOf = (tracks: readonly Pick<PlannedTrack, 'sessionId' | 'trackId'>[]): string =>
  shortHash(tracks.map(({ sessionId, trackId }) => [sessionId, trackId]));

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
  const keyOf = ({ sessionId, trackId }: Pick<PlannedTrack, 'sessionId' | 'trackId'>) =>
    JSON.stringify([sessionId, trackId]);
  const asked = new Set(microphones.map(keyOf));
  const missing = all.filter((track) => !asked.has(keyOf(track)));
  // Of some of the microphones they are other turns than those of all.
  const part = missing.length === 0 ? '' : `_${partOf(microphones)}`;
  const voices = [...Map.groupBy(microphones, ({ userId }) => userId)].map(([userId, own]): VoiceOutput => {
    // All of a user's microphones are that user's voice; some of them are another file.
    const isWhole = missing.every((track) => track.userId !== userId);
    const name = names[users.indexOf(userId)] ?? '';
    return {
      kind: 'voice',
      file: isWhole ? name : withSuffix(name, `_${partOf(own)}`),
      tracks: own.map(({ number }) => number),
    };
  });
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
