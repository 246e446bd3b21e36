import { columnOf, SECOND, type SecondRows } from '../collect/seconds.ts';
import type { LayerColumns, SecondColumns } from '../inspection.ts';

/**
 * The columns of a track's seconds.
 *
 * @param delays of each, NaN where nothing tells
 */
export function columnsOf(rows: SecondRows, delays: Float64Array, kind: 'audio' | 'video'): SecondColumns {
  return {
    second: columnOf(rows, SECOND.second, (value) => value),
    ...packetColumns(rows),
    repaired: columnOf(rows, SECOND.repaired, hundredths),
    delayMs: Array.from(delays, (delayMs) => (Number.isNaN(delayMs) ? null : hundredths(delayMs))),
    ...(kind === 'video'
      ? pictureColumns(rows)
      : { levelDbov: columnOf(rows, SECOND.levelDbov, (level) => (Number.isNaN(level) ? null : level)) }),
  };
}

export const layerColumnsOf = (rows: SecondRows): LayerColumns => ({
  second: columnOf(rows, SECOND.second, (value) => value),
  ...packetColumns(rows),
  ...pictureColumns(rows),
});

const packetColumns = (rows: SecondRows) => ({
  packets: columnOf(rows, SECOND.packets, hundredths),
  lost: columnOf(rows, SECOND.lost, hundredths),
  kbps: columnOf(rows, SECOND.bytes, (bytes) => hundredths(bytes * 0.008)),
  jitterMs: columnOf(rows, SECOND.jitterMs, hundredths),
  deltaMs: columnOf(rows, SECOND.deltaMs, hundredths),
});

const pictureColumns = (rows: SecondRows) => ({
  sentFrames: columnOf(rows, SECOND.sentFrames, hundredths),
  frames: columnOf(rows, SECOND.frames, hundredths),
  frameBytes: columnOf(rows, SECOND.frameBytes, hundredths),
  keyFrames: columnOf(rows, SECOND.keyFrames, hundredths),
});

const hundredths = (value: number): number => Math.round(value * 100) / 100;
