import type { Stretch } from '../causes/call-measures.ts';
import { percent, span } from '../causes/words.ts';
import type { InspectedLayer, InspectedTrack } from '../inspection.ts';
import { nameOf } from '../track-name.ts';
import { AXIS_WIDTH } from './axis.ts';
import { type Curve, curvesOf, layerCurvesOf } from './curves.ts';
import { largestFirst, lossOf, sentMsOf } from './names.ts';
import { stretches } from './timeline.ts';

const HEIGHT = 44;

/**
 * The curves of a track, then those of the layers that it sent side by side.
 *
 * @param moments of trouble, which are shaded
 */
export function plotsOf(track: InspectedTrack, durationMs: number, moments: readonly Stretch[]): string {
  const name = nameOf(track);
  const lines = stretches(moments, durationMs, HEIGHT / 2);
  const band = lines === '' ? '' : `<path class="band" d="${lines}"/>`;
  const plots = curvesOf(track, durationMs).map((curve) =>
    plot(curve, name, `to ${curve.top} ${curve.unit}`, band),
  );
  return `${plots.join('')}${layerPlots(track, name, durationMs, band)}`;
}

function layerPlots({ picture }: InspectedTrack, name: string, durationMs: number, band: string): string {
  const layers = largestFirst(picture?.simulcast ?? []);
  if (layers.length === 0) return '';
  const plots = layerCurvesOf(layers, durationMs).map((curve, index) =>
    plot(curve, name, factsOf(layers[index] as InspectedLayer), band),
  );
  return `<p class="dim layers">Rate of the ${layers.length} layers of this ${name} (simulcast), on one scale</p>${plots.join('')}`;
}

function factsOf(layer: InspectedLayer): string {
  const lost = layer.packets.lost === 0 ? 'nothing lost' : `${percent(lossOf(layer))} lost`;
  return `${Math.round(layer.meanKbps)} kbit/s · ${layer.meanFps.toFixed(1)} fps<br>${lost} · for ${span(sentMsOf(layer))}`;
}

function plot({ name, unit, bottom, top, data }: Curve, whose: string, below: string, band: string): string {
  const label = `${name} of ${whose}, ${bottom} to ${top} ${unit}`;
  return `<div class="plot"><div class="name"><b></b>${name} <small>${below}</small></div><div class="lanes"><svg class="curve" data-h="${HEIGHT}" data-v="${data}" data-bottom="${bottom}" data-top="${top}" data-unit="${unit}" viewBox="0 0 ${AXIS_WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}"><path d=""/>${band}</svg></div></div>`;
}
