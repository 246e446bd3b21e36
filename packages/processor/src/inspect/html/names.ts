import type { InspectedLayer } from '../inspection.ts';

/** What a layer is known by: its size, and where no picture of it could be decoded its SSRC. */
export const sizeOf = ({ ssrc, width, height }: Pick<InspectedLayer, 'ssrc' | 'width' | 'height'>): string =>
  width === 0 ? `SSRC ${ssrc}` : `${width}×${height}`;

export const largestFirst = (layers: readonly InspectedLayer[]): readonly InspectedLayer[] =>
  layers.toSorted((a, b) => b.width * b.height - a.width * a.height);

/** How long a layer was sent, ms. */
export const sentMsOf = ({ sent }: Pick<InspectedLayer, 'sent'>): number =>
  sent.reduce((all, { fromMs, untilMs }) => all + untilMs - fromMs, 0);

export const lossOf = ({ packets: { lost, expected } }: Pick<InspectedLayer, 'packets'>): number =>
  expected === 0 ? 0 : lost / expected;
