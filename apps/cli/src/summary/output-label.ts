import type { Plan, PlannedOutput, ReportedFile, ReportedTrack } from '@rawreel/processor';
import { printable } from '../terminal/escape.ts';
import { kindName } from '../terminal/names.ts';

/** Whose something is, and what. */
export interface Label {
  readonly who: string;
  readonly kind: string;
}

export function label(track: { userId?: string; trackType?: string; kind?: string }): Label {
  return {
    who: printable(track.userId ?? ''),
    kind: track.trackType ? kindName(track.trackType, track.kind ?? '') : (track.kind ?? ''),
  };
}

/** Numbers of the tracks that an output is made from. */
export const trackNumbers = (output: PlannedOutput): readonly number[] =>
  'track' in output ? [output.track] : output.tracks;

/** What an output is called while it is made. */
export function outputLabel(output: PlannedOutput, { tracks }: Plan): Label {
  if (output.kind === 'mix') return { who: 'everybody', kind: 'mix' };
  const labels = trackNumbers(output).map((number) => label(tracks[number] ?? {}));
  return { who: labels[0]?.who ?? '', kind: labels.map(({ kind }) => kind).join(' + ') };
}

/** Inflated bytes of packets: what reading them takes, not what comes out. */
export function dumpBytes(output: PlannedOutput, { tracks }: Plan): number {
  return trackNumbers(output).reduce((sum, number) => sum + trackBytes(tracks[number]), 0);
}

export const trackBytes = (track: Plan['tracks'][number] | undefined): number =>
  (track?.segments ?? []).reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);

/** The tracks in a file that keeps them apart: a mix does not. */
export function tracksIn(file: ReportedFile): readonly (ReportedTrack & { kind: 'audio' | 'video' })[] {
  switch (file.kind) {
    case 'audio':
    case 'video':
      return [file];
    case 'muxed':
      return file.tracks;
    case 'mix':
      return [];
    default:
      return file satisfies never;
  }
}
