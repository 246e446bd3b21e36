import type { InspectedTrack } from '../inspection.ts';
import {
  type CallMeasures,
  type Finding,
  isCamera,
  isOn,
  quantile,
  stretchesOf,
  whoseOf,
} from './call-measures.ts';
import { span, when } from './words.ts';

/** A picture of one colour has so little; a face that sits still has ten times as much. */
const MOST_BITS_PER_PIXEL = 0.006;

/** Headers of a picture take so much however small it is. */
const HEADER_BYTES = 120;

/** Of what the camera's pictures have else. */
const MOST_SHARE = 0.12;
const LEAST_SECONDS = 4;
const LEAST_FRAMES_SHARE = 0.5;

/** Pictures go on coming, and there is nothing in them: the camera is covered, or another program has it. */
export const cameraBlocked = ({ tracks }: CallMeasures): Finding[] =>
  tracks.filter(isCamera).flatMap(ofCamera);

function ofCamera(camera: InspectedTrack): Finding[] {
  const { second, frames = [], frameBytes = [], keyFrames = [] } = camera.seconds;
  const rows: { at: number; count: number; bytes: number; hasKey: boolean }[] = [];
  second.forEach((at, index) => {
    const count = frames[index] ?? 0;
    if (count > 0 && isOn(camera, { fromMs: at * 1000, untilMs: (at + 1) * 1000 }))
      rows.push({ at, count, bytes: (frameBytes[index] ?? 0) / count, hasKey: (keyFrames[index] ?? 0) > 0 });
  });
  const usualFrames = quantile(
    rows.map(({ count }) => count),
    0.5,
  );
  const usualBytes = quantile(
    rows.map(({ bytes }) => bytes),
    0.75,
  );
  const empty = rows.filter(
    ({ at, count, bytes, hasKey }) =>
      count >= LEAST_FRAMES_SHARE * usualFrames &&
      // A key frame of one colour has more than the others.
      bytes <= MOST_SHARE * usualBytes * (hasKey ? 3 : 1) &&
      bytes <=
        (hasKey ? 3 : 1) * Math.max(HEADER_BYTES, (pixelsAt(camera, at * 1000) * MOST_BITS_PER_PIXEL) / 8),
  );
  return stretchesOf(
    empty.map(({ at }) => at),
    LEAST_SECONDS,
  ).map((stretch) => {
    const inside = empty.filter(({ at }) => at * 1000 >= stretch.fromMs && at * 1000 < stretch.untilMs);
    const bytes = Math.round(
      quantile(
        inside.map((row) => row.bytes),
        0.5,
      ),
    );
    return {
      cause: 'camera-blocked',
      confidence: 'medium',
      ...whoseOf([camera]),
      ...stretch,
      times: [stretch],
      evidence: { bytesPerPicture: bytes, usualBytesPerPicture: Math.round(usualBytes) },
      sentence: `camera showed next to nothing for ${span(stretch.untilMs - stretch.fromMs)} ${when(stretch)} (${bytes} bytes a picture, else ${Math.round(usualBytes)}): covered, or taken by another program`,
    };
  });
}

function pixelsAt({ picture }: InspectedTrack, atMs: number): number {
  const sizes = picture?.sizes ?? [];
  const size = sizes.findLast((each) => each.atMs <= atMs + 1000) ?? sizes[0];
  return size === undefined ? Number.POSITIVE_INFINITY : size.width * size.height;
}
