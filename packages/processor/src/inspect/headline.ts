import type { Inspection } from './inspection.ts';

/** Less is nothing that anybody would have noticed. */
const FELT_SHARE = 0.001;

/** What people felt: whose sound and picture were not there while they should have been. */
export function headlineOf({
  speech,
  participants,
  causes,
}: Pick<Inspection, 'speech' | 'participants' | 'causes'>): string {
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
  if (felt.length > 0) return felt.join(', ');
  return causes.length === 0
    ? 'no trouble: nobody lacked sound or picture'
    : 'nobody lacked sound or picture for long';
}

/** `1.4 %`, `0.2 %`, `100 %`. */
function percent(share: number): string {
  const value = share * 100;
  return `${value.toFixed(value < 9.95 ? 1 : 0)} %`;
}
