import type { Plan, PlannedOutput, ReportedFile, ReportedTrack } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import { kindName } from '../terminal/track-names.ts';

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

/** All outputs but those that are only made where a sender changed its codec, which nobody knows before packets are read. */
export const certainOutputs = (plan: Plan): readonly PlannedOutput[] =>
  plan.outputs.filter((output) => trackNumbers(output).some((number) => !plan.tracks[number]?.ifSent));

/** What an output is called while it is made. */
export function outputLabel(output: PlannedOutput, { tracks }: Plan): Label {
  const labels = trackNumbers(output).map((number) => label(tracks[number] ?? {}));
  const who = labels[0]?.who ?? '';
  switch (output.kind) {
    case 'audio':
    case 'video':
    case 'muxed':
      return { who, kind: labels.map(({ kind }) => kind).join(' + ') };
    case 'voice':
      return { who, kind: 'voice' };
    case 'mix':
      return { who: 'everybody', kind: 'mix' };
    case 'turns':
      return { who: 'everybody', kind: `turns as ${output.format}` };
    case 'composite':
      return { who: 'everybody', kind: 'composite' };
    case 'captions':
      return { who: 'everybody', kind: 'captions' };
    case 'chapters':
      return { who: 'everybody', kind: 'chapters' };
    case 'scenes':
      return { who: 'everybody', kind: 'scenes' };
    case 'proxy':
      return { who, kind: `${labels[0]?.kind ?? ''} proxy` };
    case 'stem':
      return { who, kind: `${labels[0]?.kind ?? ''} stem` };
    case 'timeline':
      return { who: 'everybody', kind: `${output.format} timeline` };
    default:
      return output satisfies never;
  }
}

/** Inflated bytes of packets: what reading them takes, not what comes out. */
export function dumpBytes(output: PlannedOutput, { tracks }: Plan): number {
  return trackNumbers(output).reduce((sum, number) => sum + trackBytes(tracks[number]), 0);
}

export const trackBytes = (track: Plan['tracks'][number] | undefined): number =>
  (track?.segments ?? []).reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);

/** The tracks that a file holds as they are. */
export function tracksIn(file: ReportedFile): readonly (ReportedTrack & { kind: 'audio' | 'video' })[] {
  switch (file.kind) {
    case 'audio':
    case 'video':
      return [file];
    case 'muxed':
      return file.tracks;
    case 'mix':
    case 'voice':
    case 'turns':
    case 'composite':
    case 'captions':
    case 'chapters':
    case 'scenes':
    case 'transcript':
    case 'proxy':
    case 'stem':
    case 'timeline':
      return [];
    default:
      return file satisfies never;
  }
}

/** The tracks that a file was made from. */
export const tracksBehind = (
  file: ReportedFile,
): readonly Pick<ReportedTrack, 'userId' | 'sessionId' | 'trackId' | 'trackType'>[] =>
  'tracks' in file ? file.tracks : [file];
