import { statSync } from 'node:fs';
import { type Measured, median } from './measure.ts';

export const megabytes = (path: string): string => `${Math.round(statSync(path).size / 1e6)} MB`;

/** One line of Markdown: wall, ratio to a baseline of the same rounds, peak memory. */
export function row(
  name: string,
  measured: readonly Measured[] | undefined,
  baseline?: readonly Measured[],
): string {
  const wall = median((measured ?? []).map(({ wallSeconds }) => wallSeconds));
  const peak = median((measured ?? []).flatMap(({ peakMiB }) => peakMiB ?? []));
  const ratios = (measured ?? []).map(
    ({ wallSeconds }, index) => wallSeconds / (baseline?.[index]?.wallSeconds ?? Number.NaN),
  );
  const ratio = baseline === undefined ? '' : `${median(ratios).toFixed(2)} ×`;
  return `| ${name} | ${wall.toFixed(2)} s | ${ratio} | ${Number.isNaN(peak) ? '' : `${peak.toFixed(0)} MiB`} |`;
}

export const heading = (baseline: string): string[] => [
  `| whole process | wall | against ${baseline} | peak memory |`,
  '| --- | --- | --- | --- |',
];
