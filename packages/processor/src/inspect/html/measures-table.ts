import { percent, span } from '../causes/words.ts';
import type { InspectedLayer, InspectedTrack } from '../inspection.ts';
import { nameOf } from '../track-name.ts';
import { escaped } from './escape.ts';
import { largestFirst, lossOf, sentMsOf, sizeOf } from './names.ts';

const HEADINGS = [
  'Participant',
  'Track',
  'Packets',
  'Lost',
  'Repaired',
  'Bursts',
  'Jitter',
  'Longest gap',
  'Delay',
  'kbit/s',
  'Pictures/s',
  'Key frames',
  'Frozen',
  'Concealed',
  'DTX',
  'Clock',
] as const;

/** All measures, a row for each track; below a camera that sent layers side by side, a row for each of those. */
export function measuresTable(tracks: readonly InspectedTrack[]): string {
  const rows = tracks.flatMap((track) => [
    `<tr>${cells(trackCells(track))}</tr>`,
    ...largestFirst(track.picture?.simulcast ?? []).map(
      (layer) => `<tr class="layer">${cells(layerCells(layer))}</tr>`,
    ),
  ]);
  const heading = HEADINGS.map((each) => `<th scope="col">${each}</th>`).join('');
  return `<div class="scroll" tabindex="0" role="region" aria-label="Measures of all tracks"><table><thead><tr>${heading}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const NONE = '–';

const cells = (texts: readonly string[]): string => texts.map((text) => `<td>${text}</td>`).join('');

function trackCells(track: InspectedTrack): readonly string[] {
  const { packets, bursts, jitter, delta, delay, bitrate, repairs, picture, sound } = track;
  return [
    escaped(track.userId),
    `${nameOf(track)} (${escaped(track.codec)})`,
    String(packets.received),
    percent(packets.lostShare),
    String(repairs.rtx.repaired + repairs.red.repaired + repairs.fec.repaired),
    String(bursts.count),
    `${jitter.meanMs.toFixed(1)} / ${jitter.maxMs.toFixed(1)} ms`,
    span(delta.maxMs),
    `+${span(delay.maxMs)}`,
    String(Math.round(bitrate.meanKbps)),
    picture?.meanFps.toFixed(1) ?? NONE,
    picture === undefined ? NONE : String(picture.keyFrames.count),
    picture === undefined ? NONE : frozen(picture.freezes),
    sound === undefined ? NONE : span(sound.concealedMs + sound.interruptedMs),
    sound === undefined ? NONE : span(sound.dtxMs),
    `${Math.round(track.clock.driftPpm)} ppm`,
  ];
}

/** What a layer has of its own. */
function layerCells(layer: InspectedLayer): readonly string[] {
  const own: Partial<Record<(typeof HEADINGS)[number], string>> = {
    Track: `${sizeOf(layer)} for ${span(sentMsOf(layer))}`,
    Packets: String(layer.packets.received),
    Lost: percent(lossOf(layer)),
    'kbit/s': String(Math.round(layer.meanKbps)),
    'Pictures/s': layer.meanFps.toFixed(1),
    'Key frames': String(layer.keyFrames),
    Frozen: frozen(layer.freezes),
  };
  return HEADINGS.map((heading) => own[heading] ?? '');
}

const frozen = ({ count, totalMs }: InspectedLayer['freezes']): string =>
  count === 0 ? 'never' : `${span(totalMs)} (${count}×)`;
