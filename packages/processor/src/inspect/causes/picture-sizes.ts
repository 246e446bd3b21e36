import type { SizeChange } from '../collect/pictures.ts';
import type { InspectedTrack } from '../inspection.ts';

/** A layer that goes on for less has ended with the others. */
const GOES_ON_MS = 2000;

/** When a camera's picture changed its size; of simulcast, when another layer became the largest that was sent. */
export function pictureSizes({ picture }: InspectedTrack): readonly SizeChange[] {
  const { simulcast = [], sizes = [] } = picture ?? {};
  if (simulcast.length < 2) return sizes;
  const edges = simulcast.flatMap(({ sent }) => sent.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]));
  return edges
    .sort((a, b) => a - b)
    .flatMap((atMs) => {
      const going = simulcast.filter(({ sent }) =>
        sent.some(({ fromMs, untilMs }) => fromMs <= atMs && untilMs >= atMs + GOES_ON_MS),
      );
      const [largest] = going.sort((a, b) => b.width * b.height - a.width * a.height);
      return largest === undefined ? [] : [{ atMs, width: largest.width, height: largest.height }];
    })
    .filter(
      ({ width, height }, index, all) => width !== all[index - 1]?.width || height !== all[index - 1]?.height,
    );
}
