import { count } from './causes/words.ts';
import type { Inspection } from './inspection.ts';
import { nameOf } from './track-name.ts';

/** Less is nothing that anybody would have noticed. */
const FELT_SHARE = 0.001;

export interface Summarized
  extends Pick<Inspection, 'speech' | 'participants' | 'tracks' | 'causes' | 'problems'> {
  /** Tracks that were published, and of which nothing could be read. */
  readonly unread: number;
}

/** What people felt: whose sound and picture were not there while they should have been; first of all what is not known. */
export function headlineOf(call: Summarized): string {
  const felt = feltIn(call);
  const unknown = [
    ...(call.problems.some(({ severity }) => severity === 'damage') ? ['the recording is damaged'] : []),
    ...(call.unread > 0 ? [`${count(call.unread, 'track')} cannot be read`] : []),
  ].join(', ');
  if (call.tracks.length === 0) return unknown || 'nothing was sent';
  if (unknown !== '') return `${unknown}; else ${felt || 'nobody lacked sound or picture'}`;
  if (felt !== '') return felt;
  return call.causes.length === 0
    ? 'no trouble: nobody lacked sound or picture'
    : 'nobody lacked sound or picture for long';
}

function feltIn({ speech, participants, tracks }: Summarized): string {
  const [voice] = participants.toSorted((a, b) => b.speech.impairedShare - a.speech.impairedShare);
  const [picture] = participants.toSorted((a, b) => b.picture.frozenShare - a.picture.frozenShare);
  const felt: string[] = [];
  if (voice !== undefined && voice.speech.impairedShare >= FELT_SHARE) {
    felt.push(`sound impaired ${percent(voice.speech.impairedShare)} of the time ${voice.userId} spoke`);
    if (participants.length > 1) felt.push(`${percent(speech.impairedShare)} of all that was said`);
  }
  if (picture !== undefined && picture.picture.frozenShare >= FELT_SHARE)
    felt.push(
      `picture frozen ${percent(picture.picture.frozenShare)} of the time ${picture.userId} was seen`,
    );
  for (const track of tracks)
    if (track.picture?.shown === 0)
      felt.push(`no picture of ${track.userId}’s ${nameOf(track)} can be shown`);
  return felt.join(', ');
}

/** `1.4 %`, `0.2 %`, `100 %`. */
function percent(share: number): string {
  const value = share * 100;
  return `${value.toFixed(value < 9.95 ? 1 : 0)} %`;
}
