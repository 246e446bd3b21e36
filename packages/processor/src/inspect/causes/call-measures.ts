import { firstIndex } from '../../first-index.ts';
import type { Cause, InspectedTrack } from '../inspection.ts';

/** All that causes are told by. */
export interface CallMeasures {
  readonly tracks: readonly InspectedTrack[];
  /** When the call began, from the recording's zero; undefined where nothing says so. */
  readonly callStartMs: number | undefined;
}

/** What a rule finds; where in the media that is follows from the delay there. */
export type Finding = Omit<Cause, 'offsetMs'>;

/** A stretch of time, ms from the recording's zero. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

export const overlaps = (a: Stretch, b: Stretch): boolean => a.fromMs < b.untilMs && b.fromMs < a.untilMs;

export const lengthOf = ({ fromMs, untilMs }: Stretch): number => untilMs - fromMs;

/** The tracks of each connection. */
export function sessionsOf(tracks: readonly InspectedTrack[]): readonly (readonly InspectedTrack[])[] {
  const sent = tracks.filter(({ segments }) => segments.length > 0);
  return [...Map.groupBy(sent, ({ userId, sessionId }) => JSON.stringify([userId, sessionId])).values()];
}

export const isCamera = ({ kind, screenshare }: InspectedTrack): boolean => kind === 'video' && !screenshare;

export const isOn = ({ segments }: InspectedTrack, { fromMs, untilMs }: Stretch): boolean =>
  segments.some((segment) => segment.fromMs <= fromMs && segment.untilMs >= untilMs);

/** Whose finding it is. */
export const whoseOf = (
  tracks: readonly InspectedTrack[],
): Pick<Cause, 'userId' | 'sessionId' | 'trackIds'> => {
  const [first] = tracks;
  return {
    ...(first === undefined ? {} : { userId: first.userId, sessionId: first.sessionId }),
    trackIds: tracks.map(({ trackId }) => trackId),
  };
};

/** Stretches that are at most `apartMs` from each other as one. In the order of time. */
export function merged(stretches: readonly Stretch[], apartMs: number): Stretch[] {
  const all: Stretch[] = [];
  for (const each of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1);
    if (last !== undefined && each.fromMs - last.untilMs <= apartMs)
      all[all.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, each.untilMs) };
    else all.push(each);
  }
  return all;
}

/** Whole seconds for which something holds, as stretches; one second in between does not part them. */
export function stretchesOf(seconds: readonly number[], leastSeconds: number): Stretch[] {
  return merged(
    seconds.map((second) => ({ fromMs: second * 1000, untilMs: (second + 1) * 1000 })),
    1000,
  ).filter((each) => lengthOf(each) >= leastSeconds * 1000);
}

/** Sum of a column over the seconds that a stretch touches. */
export function sumIn(
  { seconds }: InspectedTrack,
  column: readonly number[] | undefined,
  { fromMs, untilMs }: Stretch,
): number {
  let sum = 0;
  const { second } = seconds;
  const from = Math.floor(fromMs / 1000);
  for (
    let index = firstIndex(second.length, (each) => (second[each] ?? 0) >= from);
    index < second.length;
    index++
  ) {
    const at = second[index] ?? 0;
    if (at * 1000 >= untilMs) break;
    if ((at + 1) * 1000 > fromMs) sum += column?.[index] ?? 0;
  }
  return sum;
}

/** What share of the packets of a stretch did not come by themselves. */
export function lossIn(tracks: readonly InspectedTrack[], stretch: Stretch): { lost: number; share: number } {
  let lost = 0;
  let received = 0;
  for (const track of tracks) {
    lost += sumIn(track, track.seconds.lost, stretch);
    received += sumIn(track, track.seconds.packets, stretch);
  }
  return { lost, share: lost + received === 0 ? 0 : lost / (lost + received) };
}

/** The value that a share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
