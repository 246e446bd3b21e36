import type { InspectedTrack } from '../inspection.ts';
import {
  type CallMeasures,
  type Finding,
  isCamera,
  isOn,
  lossIn,
  merged,
  overlaps,
  quantile,
  type Stretch,
  sessionsOf,
  stretchesOf,
  whoseOf,
} from './call-measures.ts';
import { pictureSizes } from './picture-sizes.ts';
import { span, when } from './words.ts';

/** Less than this share of a camera's usual pictures per second. */
const FEWER_SHARE = 0.6;
const LEAST_SECONDS = 5;

/** A camera that never had more says nothing by having few. */
const LEAST_USUAL = 10;

/** All along so few are a machine that is too slow, or a camera that is set so. */
const FEW_ALL_ALONG = 12;
const LEAST_ALL_ALONG_MS = 20_000;

/** More on any track of the connection, and the network may be the reason. */
const MOST_DELAY_MS = 60;
const MOST_LOSS = 0.01;

/** Around a stretch, what the network does counts, too: a sender gives way behind it. */
const AROUND_MS = 5000;

/** The sender made fewer pictures while its network did nothing: its machine was busy. Shared screens have as many as change. */
export const cpuLimited = ({ tracks }: CallMeasures): Finding[] =>
  sessionsOf(tracks).flatMap((session) =>
    session.filter(isCamera).flatMap((camera) => ofCamera(camera, session)),
  );

function ofCamera(camera: InspectedTrack, session: readonly InspectedTrack[]): Finding[] {
  const { second, sentFrames = [] } = camera.seconds;
  const whole = second
    .map((at, index) => ({ at, frames: sentFrames[index] ?? 0 }))
    .filter(({ at }) => isOn(camera, { fromMs: at * 1000, untilMs: (at + 1) * 1000 }));
  const rates = whole.map(({ frames }) => frames);
  const usual = quantile(rates, 0.75);
  const fewer = whole.filter(({ frames }) => frames > 0 && frames < FEWER_SHARE * usual);
  const stretches = stretchesOf(
    fewer.map(({ at }) => at),
    LEAST_SECONDS,
  );
  const found = usual < LEAST_USUAL ? [] : stretches.flatMap((each) => told(camera, session, each, usual));
  const median = quantile(rates, 0.5);
  const [all] = merged(camera.segments, Number.POSITIVE_INFINITY);
  const isFewAllAlong = found.length === 0 && median > 0 && usual <= FEW_ALL_ALONG;
  if (!isFewAllAlong || all === undefined || rates.length * 1000 < LEAST_ALL_ALONG_MS) return found;
  return isNetworkQuiet(session, all)
    ? [
        {
          cause: 'cpu-limited',
          confidence: 'low',
          ...whoseOf([camera]),
          ...all,
          times: [all],
          evidence: { usualFps: usual, fps: median },
          sentence: `camera sent ${median} pictures per second all along, without loss or delay: a machine too busy, or a camera that is set so`,
        },
      ]
    : [];
}

function told(
  camera: InspectedTrack,
  session: readonly InspectedTrack[],
  stretch: Stretch,
  usual: number,
): Finding[] {
  if (!isNetworkQuiet(session, stretch)) return [];
  const { second, sentFrames = [] } = camera.seconds;
  const rates = second.flatMap((at, index) =>
    at * 1000 >= stretch.fromMs && at * 1000 < stretch.untilMs ? [sentFrames[index] ?? 0] : [],
  );
  const fps = quantile(rates, 0.5);
  const sizes = pictureSizes(camera);
  const before = sizes.findLast(({ atMs }) => atMs < stretch.fromMs - AROUND_MS) ?? sizes[0];
  const after = sizes.findLast(({ atMs }) => atMs <= stretch.untilMs);
  const isSmaller =
    before !== undefined && after !== undefined && after.width * after.height < before.width * before.height;
  const smaller = isSmaller
    ? `, its picture from ${before.width}×${before.height} to ${after.width}×${after.height}`
    : '';
  return [
    {
      cause: 'cpu-limited',
      confidence: isSmaller ? 'high' : 'medium',
      ...whoseOf([camera]),
      ...stretch,
      times: [stretch],
      evidence: { usualFps: usual, fps, smaller: isSmaller ? 'yes' : 'no' },
      sentence: `camera went from ${usual} to ${fps} pictures per second for ${span(stretch.untilMs - stretch.fromMs)} ${when(stretch)}${smaller}, without loss or delay: the machine was busy`,
    },
  ];
}

function isNetworkQuiet(session: readonly InspectedTrack[], stretch: Stretch): boolean {
  const around = { fromMs: stretch.fromMs - AROUND_MS, untilMs: stretch.untilMs };
  if (lossIn(session, around).share > MOST_LOSS) return false;
  return session.every(
    ({ seconds, stalls, kind }) =>
      !(
        kind === 'audio' && stalls.some((stall) => overlaps(stall, around) && stall.lost + stall.heldMs > 0)
      ) &&
      seconds.second.every(
        (second, index) =>
          second * 1000 < around.fromMs ||
          second * 1000 >= around.untilMs ||
          (seconds.delayMs[index] ?? 0) <= MOST_DELAY_MS,
      ),
  );
}
