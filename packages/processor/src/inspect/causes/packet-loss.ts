import {
  type CallMeasures,
  type Finding,
  lossIn,
  overlaps,
  type Stretch,
  sessionsOf,
  stretchesOf,
  sumIn,
  whoseOf,
} from './call-measures.ts';
import { count, percent, span, when } from './words.ts';

const LEAST_SHARE = 0.02;
const LEAST_LOST = 10;
const LEAST_SECONDS = 2;

/** RTX and RED that brought back so much left nothing to notice. */
const REPAIRED_SHARE = 0.9;

/** Loss for a while that nothing else explains: a radio, or a router without a queue. Tell it of what is not told already. */
export function packetLoss({ tracks }: CallMeasures, told: readonly Finding[]): Finding[] {
  return sessionsOf(tracks).flatMap((session) => {
    const { userId, sessionId } = whoseOf(session);
    const known = told.filter((each) => each.userId === undefined || each.sessionId === sessionId);
    const lossy = new Set(
      session.flatMap(({ seconds }) => seconds.second.filter((_, index) => (seconds.lost[index] ?? 0) > 0)),
    );
    return stretchesOf([...lossy], LEAST_SECONDS).flatMap((stretch): Finding[] => {
      if (known.some((each) => overlaps(each, widened(stretch)))) return [];
      const { lost, share } = lossIn(session, stretch);
      const repaired = session.reduce((sum, track) => sum + sumIn(track, track.seconds.repaired, stretch), 0);
      if (lost < LEAST_LOST || share < LEAST_SHARE || repaired >= REPAIRED_SHARE * lost) return [];
      const concealedMs = session
        .flatMap(({ sound }) => sound?.holes ?? [])
        .filter((hole) => overlaps(hole, stretch))
        .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
      const frozenMs = session
        .flatMap(({ picture }) => picture?.freezes.list ?? [])
        .filter((freeze) => overlaps(freeze, stretch))
        .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
      const felt = [
        ...(concealedMs > 0 ? [`${span(concealedMs)} of sound concealed`] : []),
        ...(frozenMs > 0 ? [`picture frozen for ${span(frozenMs)}`] : []),
      ];
      return [
        {
          cause: 'packet-loss',
          confidence: userId === undefined ? 'medium' : 'high',
          ...whoseOf(session),
          ...stretch,
          times: [stretch],
          evidence: { lost, lossShare: share, repaired, concealedMs, frozenMs },
          sentence: `network lost ${percent(share)} of the packets (${count(lost, 'packet')}, ${repaired} repaired) ${when(stretch)}, without a queue${felt.length > 0 ? `: ${felt.join(', ')}` : ''}`,
        },
      ];
    });
  });
}

const widened = ({ fromMs, untilMs }: Stretch): Stretch => ({
  fromMs: fromMs - 2000,
  untilMs: untilMs + 2000,
});
