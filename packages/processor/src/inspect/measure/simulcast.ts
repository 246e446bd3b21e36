import type { Freeze, FreezeCounts } from '../collect/freezes.ts';
import type { ObservedDump, ObservedLayer } from '../collect/observed.ts';
import { PAUSE_MS } from '../collect/pictures.ts';
import { mergedSeconds } from '../collect/seconds.ts';
import type { InspectedLayer } from '../inspection.ts';
import { layerColumnsOf } from './columns.ts';

/** The layers that cameras sent side by side, each by itself over all dumps, in the order in which they were seen. */
export const simulcastOf = (dumps: readonly ObservedDump[]): InspectedLayer[] =>
  [
    ...Map.groupBy(
      dumps.flatMap(({ layers }) => layers.map((layer) => sized(layer, layers))),
      ({ is }) => is,
    ).values(),
  ].map(layerMeasures);

interface SizedLayer {
  readonly is: string;
  readonly width: number;
  readonly height: number;
  readonly layer: ObservedLayer;
  readonly freezes: FreezeCounts;
}

/** A layer with the largest size that it had in a dump: what was muted comes back as what it is. */
function sized(layer: ObservedLayer, beside: readonly ObservedLayer[]): SizedLayer {
  const { ssrc, pictures } = layer;
  const width = pictures.sizes.reduce((most, size) => Math.max(most, size.width), 0);
  const height = pictures.sizes.reduce((most, size) => Math.max(most, size.height), 0);
  const freezes = withoutSwitches(pictures.freezes, beside);
  return { is: `${ssrc} ${width}×${height}`, width, height, layer, freezes };
}

function layerMeasures(same: readonly SizedLayer[]): InspectedLayer {
  const [{ width, height, layer }] = same as readonly [SizedLayer];
  const sources = same.map((each) => each.layer.source);
  const pictures = same.map((each) => each.layer.pictures);
  const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
    items.reduce((all, item) => all + of(item), 0);
  const sent = pictures.flatMap((each) => each.sent);
  const sentMs = Math.max(
    1,
    sum(sent, ({ fromMs, untilMs }) => untilMs - fromMs),
  );
  const shown = sum(pictures, (each) => each.shown);
  return {
    ssrc: layer.ssrc,
    width,
    height,
    packets: {
      received: sum(sources, ({ received }) => received),
      expected: sum(sources, ({ expected }) => expected),
      lost: sum(sources, ({ lost }) => lost),
    },
    shown,
    incomplete: sum(pictures, ({ incomplete }) => incomplete),
    undecodable: sum(pictures, ({ undecodable }) => undecodable),
    keyFrames: sum(pictures, ({ keyFrames }) => keyFrames),
    meanFps: hundredths((shown * 1000) / sentMs),
    freezes: {
      count: sum(same, ({ freezes }) => freezes.count),
      totalMs: Math.round(sum(same, ({ freezes }) => freezes.totalMs)),
      longestMs: Math.round(Math.max(...same.map(({ freezes }) => freezes.longestMs))),
    },
    sent: sent.map(({ fromMs, untilMs }) => ({ fromMs: Math.round(fromMs), untilMs: Math.round(untilMs) })),
    meanKbps: hundredths((sum(sources, ({ bytes }) => bytes) * 8) / sentMs),
    seconds: layerColumnsOf(mergedSeconds(same.map((each) => each.layer.seconds))),
  };
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;

/** The freezes of a dump's pictures, which are those of the largest layer. */
export function freezesOf({ pictures, layers }: ObservedDump): FreezeCounts | undefined {
  if (pictures === undefined || layers.length < 2) return pictures?.freezes;
  return withoutSwitches(pictures.freezes, layers);
}

/** Where a layer was switched off and another went on, nobody saw a picture that stood. */
function withoutSwitches(freezes: FreezeCounts, layers: readonly ObservedLayer[]): FreezeCounts {
  const isSwitch = ({ fromMs, untilMs }: Freeze) =>
    untilMs - fromMs > PAUSE_MS &&
    layers.some((layer) => layer.pictures.sent.some((s) => s.fromMs <= fromMs && s.untilMs >= untilMs));
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
