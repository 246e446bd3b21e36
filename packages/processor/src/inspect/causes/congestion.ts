import type { InspectedTrack } from '../inspection.ts';
import {
  type CallMeasures,
  type Finding,
  isCamera,
  lossIn,
  type Stretch,
  sessionsOf,
  stretchesOf,
  sumIn,
  whoseOf,
} from './call-measures.ts';
import { pictureSizes } from './picture-sizes.ts';
import { percent, span, when } from './words.ts';

/** A queue that is worth the name; jitter of a good network is a tenth of it. */
const QUEUE_MS = 100;
const LEAST_SECONDS = 2;

const LEAST_LOSS = 0.02;

/** How long a queue may have been gone before packets are lost, and the sender gives way. */
export const LOSS_WITHIN_MS = 5000;
const SMALLER_WITHIN_MS = 20_000;

/** Bytes per second before and behind: less than this share of it is a sender that gave way. */
const LESS_SHARE = 0.7;
const COMPARED_MS = 8000;

/** Congestion: delay rises, because a queue grows; then packets are lost, or the sender sends a smaller picture, or less. */
export const congestion = ({ tracks }: CallMeasures): Finding[] =>
  sessionsOf(tracks).flatMap((session) =>
    stretchesOf(queuedSeconds(session), LEAST_SECONDS).flatMap((queue) => judged(session, queue)),
  );

/** Seconds in which even the least delayed packet of a track had waited. */
function queuedSeconds(session: readonly InspectedTrack[]): number[] {
  const found = new Set<number>();
  for (const { seconds } of session)
    seconds.delayMs.forEach((delayMs, index) => {
      if (delayMs !== null && delayMs >= QUEUE_MS) found.add(seconds.second[index] as number);
    });
  return [...found];
}

function judged(session: readonly InspectedTrack[], queue: Stretch): Finding[] {
  const { lost, share } = lossIn(session, { fromMs: queue.fromMs, untilMs: queue.untilMs + LOSS_WITHIN_MS });
  const hasLoss = share >= LEAST_LOSS;
  const smaller = session.filter(isCamera).flatMap((camera) => smallerAfter(camera, queue))[0];
  const less = rateAfter(session, queue);
  const gaveWay = smaller !== undefined || less < LESS_SHARE;
  if (!hasLoss && !gaveWay) return [];
  const peakMs = Math.round(session.reduce((most, track) => Math.max(most, peakIn(track, queue)), 0));
  const facts = [
    ...(hasLoss ? [`then ${percent(share)} of the packets were lost`] : []),
    ...(smaller === undefined
      ? less < LESS_SHARE
        ? [`the sender went down to ${percent(less)} of its rate`]
        : []
      : [`the camera went from ${smaller.before} to ${smaller.after}`]),
  ];
  return [
    {
      cause: 'congestion',
      confidence: hasLoss && gaveWay ? 'high' : 'medium',
      ...whoseOf(session),
      ...queue,
      times: [queue],
      evidence: {
        peakDelayMs: peakMs,
        lost,
        lossShare: share,
        rateShare: Math.round(less * 100) / 100,
        ...(smaller === undefined ? {} : { sizeBefore: smaller.before, sizeAfter: smaller.after }),
      },
      sentence: `network congested ${when(queue)}: delay rose by ${span(peakMs)}, ${facts.join(', ')}`,
    },
  ];
}

function smallerAfter(camera: InspectedTrack, queue: Stretch): { before: string; after: string }[] {
  const sizes = pictureSizes(camera);
  return sizes.flatMap((size, index) => {
    const before = sizes[index - 1];
    const isThen = size.atMs >= queue.fromMs && size.atMs <= queue.untilMs + SMALLER_WITHIN_MS;
    if (before === undefined || !isThen || size.width * size.height >= before.width * before.height)
      return [];
    return [{ before: `${before.width}×${before.height}`, after: `${size.width}×${size.height}` }];
  });
}

/** What of the rate before the queue there is behind it; 1 where either is not long enough to tell. */
function rateAfter(session: readonly InspectedTrack[], { fromMs, untilMs }: Stretch): number {
  const cameras = session.filter(isCamera);
  const before = { fromMs: fromMs - COMPARED_MS, untilMs: fromMs };
  const after = { fromMs: untilMs, untilMs: untilMs + COMPARED_MS };
  const compared = cameras.filter(({ segments }) =>
    segments.some((segment) => segment.fromMs <= before.fromMs && segment.untilMs >= after.untilMs),
  );
  const rateIn = (stretch: Stretch) =>
    compared.reduce((sum, camera) => sum + sumIn(camera, camera.seconds.kbps, stretch), 0);
  const rate = rateIn(before);
  return rate === 0 ? 1 : Math.min(1, rateIn(after) / rate);
}

const peakIn = ({ seconds }: InspectedTrack, { fromMs, untilMs }: Stretch): number =>
  seconds.second.reduce(
    (most, second, index) =>
      second * 1000 >= fromMs && second * 1000 < untilMs ? Math.max(most, seconds.delayMs[index] ?? 0) : most,
    0,
  );
