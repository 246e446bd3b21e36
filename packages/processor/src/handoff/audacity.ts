import { printable } from '@rawreel/text';
import type { Timeline } from './timeline.ts';

/** Audacity label track: who speaks when, in seconds, tab between fields. */
export const writeLabels = ({ turns }: Timeline): string =>
  turns
    .map(({ startMs, endMs, name }) => `${seconds(startMs)}\t${seconds(endMs)}\t${printable(name)}\n`)
    .join('');

/** Audacity list of files: each opened as a track of its own, at its offset. A name has no quotes, as ids are encoded in it. */
export const writeLof = ({ tracks }: Timeline): string =>
  [
    'window\n',
    ...tracks.filter(({ kind }) => kind === 'audio').map(({ file }) => `file "${file}" offset 0\n`),
  ].join('');

const seconds = (ms: number): string => (ms / 1000).toFixed(4);
