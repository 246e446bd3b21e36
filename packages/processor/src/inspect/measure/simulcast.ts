import type { Freeze, FreezeCounts } from '../collect/freezes.ts';
import type { ObservedDump, ObservedLayer } from '../collect/observed.ts';
import { PAUSE_MS } from '../collect/pictures.ts';
import type { InspectedLayer } from '../inspection.ts';

/** The layers that cameras sent side by side, each by itself: of each dump in the order in which they were seen. */
export const simulcastOf = (dumps: readonly ObservedDump[]): InspectedLayer[] =>
  dumps.flatMap(({ layers }) => layers.map(layerMeasures));

function layerMeasures({ ssrc, source, pictures }: ObservedLayer): InspectedLayer {
  const { shown, incomplete, undecodable, keyFrames, freezes } = pictures;
  const sent = pictures.sent.map(({ fromMs, untilMs }) => ({
    fromMs: Math.round(fromMs),
    untilMs: Math.round(untilMs),
  }));
  const sentMs = pictures.sent.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
  const { received = 0, expected = 0, lost = 0 } = source ?? {};
  return {
    ssrc,
    width: pictures.sizes.reduce((most, { width }) => Math.max(most, width), 0),
    height: pictures.sizes.reduce((most, { height }) => Math.max(most, height), 0),
    packets: { received, expected, lost },
    shown,
    incomplete,
    undecodable,
    keyFrames,
    meanFps: Math.round((shown * 100_000) / Math.max(1, sentMs)) / 100,
    freezes: {
      count: freezes.count,
      totalMs: Math.round(freezes.totalMs),
      longestMs: Math.round(freezes.longestMs),
    },
    sent,
  };
}

/**
 * The freezes of a dump's pictures, which are those of the largest layer. Where that one was switched off and another went on, nobody
 * saw a picture that stood.
 */
export function freezesOf({ pictures, layers }: ObservedDump): FreezeCounts | undefined {
  if (pictures === undefined || layers.length < 2) return pictures?.freezes;
  const isSwitch = ({ fromMs, untilMs }: Freeze) =>
    untilMs - fromMs > PAUSE_MS &&
    layers.some((layer) => layer.pictures.sent.some((s) => s.fromMs <= fromMs && s.untilMs >= untilMs));
  const { freezes } = pictures;
  const list = freezes.list.filter((freeze) => !isSwitch(freeze));
  const lengths = list.map(({ fromMs, untilMs }) => untilMs - fromMs);
  const switchedMs = freezes.list
    .filter(isSwitch)
    .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
  return {
    count: freezes.count - (freezes.list.length - list.length),
    totalMs: freezes.totalMs - switchedMs,
    longestMs: lengths.reduce((longest, ms) => Math.max(longest, ms), 0),
    list,
  };
}
