import type { InspectedTrack } from '../inspection.ts';
import {
  type CallMeasures,
  type Finding,
  lengthOf,
  lossIn,
  merged,
  overlaps,
  type Stretch,
  sessionsOf,
  stretchesOf,
  sumIn,
  whoseOf,
} from './call-measures.ts';
import { LOSS_WITHIN_MS } from './congestion.ts';
import { count, percent, span, when } from './words.ts';

const LEAST_SHARE = 0.02;
const LEAST_LOST = 10;
const LEAST_SECONDS = 2;

/** Loss is chance: seconds without any do not end it. */
const APART_MS = 10_000;

/** RTX and RED that brought back so much left nothing to notice. */
const REPAIRED_SHARE = 0.9;

/** Loss for a while that nothing else explains: a radio, or a router without a queue. Tell it of what is not told already. */
export function packetLoss({ tracks }: CallMeasures, told: readonly Finding[]): Finding[] {
  return sessionsOf(tracks).flatMap((session) => {
    const { userId, sessionId } = whoseOf(session);
    const known = told
      .filter((each) => each.userId === undefined || each.sessionId === sessionId)
      .flatMap((each) => each.times.map(widened));
    const lossy = new Set(
      session.flatMap(({ seconds }) => seconds.second.filter((_, index) => (seconds.lost[index] ?? 0) > 0)),
    );
    return merged(stretchesOf([...lossy], LEAST_SECONDS), APART_MS).flatMap((stretch): Finding[] => {
      const times = known.reduce((parts, each) => parts.flatMap((part) => without(part, each)), [stretch]);
      const [first] = times;
      const last = times.at(-1);
      if (first === undefined || last === undefined) return [];
      const sum = (of: (time: Stretch) => number) => times.reduce((all, time) => all + of(time), 0);
      const lost = sum((time) => lossIn(session, time).lost);
      const share = lost / Math.max(1, lost + sum((time) => sumOfAll(session, 'packets', time)));
      const repaired = sum((time) => sumOfAll(session, 'repaired', time));
      if (lost < LEAST_LOST || share < LEAST_SHARE || repaired >= REPAIRED_SHARE * lost) return [];
      const concealedMs = lengthIn(
        session.flatMap(({ sound }) => sound?.holes ?? []),
        times,
      );
      const frozenMs = lengthIn(
        session.flatMap(({ picture }) => picture?.freezes.list ?? []),
        times,
      );
      const felt = [
        ...(concealedMs > 0 ? [`${span(concealedMs)} of sound concealed`] : []),
        ...(frozenMs > 0 ? [`picture frozen for ${span(frozenMs)}`] : []),
      ];
      const all = { fromMs: first.fromMs, untilMs: last.untilMs };
      return [
        {
          cause: 'packet-loss',
          confidence: userId === undefined ? 'medium' : 'high',
          ...whoseOf(session),
          ...all,
          times,
          evidence: { lost, lossShare: share, repaired, concealedMs, frozenMs },
          sentence: `network lost ${percent(share)} of the packets (${count(lost, 'packet')}, ${repaired} repaired) ${when(all)}, without a queue${felt.length > 0 ? `: ${felt.join(', ')}` : ''}`,
        },
      ];
    });
  });
}

/** What a freeze or a queue took with it comes around it, too. */
const widened = ({ fromMs, untilMs }: Stretch): Stretch => ({
  fromMs: fromMs - 2000,
  untilMs: untilMs + LOSS_WITHIN_MS,
});

/** What is left of a stretch before and behind another. */
const without = (stretch: Stretch, other: Stretch): Stretch[] =>
  overlaps(stretch, other)
    ? [
        { fromMs: stretch.fromMs, untilMs: other.fromMs },
        { fromMs: other.untilMs, untilMs: stretch.untilMs },
      ].filter((part) => lengthOf(part) >= LEAST_SECONDS * 1000)
    : [stretch];

const sumOfAll = (
  session: readonly InspectedTrack[],
  column: 'packets' | 'repaired',
  stretch: Stretch,
): number => session.reduce((sum, track) => sum + sumIn(track, track.seconds[column], stretch), 0);

const lengthIn = (all: readonly Stretch[], times: readonly Stretch[]): number =>
  all
    .filter((each) => times.some((time) => overlaps(each, time)))
    .reduce((sum, each) => sum + lengthOf(each), 0);
