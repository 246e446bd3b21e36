import type { MixOptions } from '../mix/mix-tracks.ts';

/** What the sound of a file is to be like, and how many tracks the file has. */
export type SoundSettings = Pick<
  MixOptions,
  | 'format'
  | 'layout'
  | 'bitrateKbps'
  | 'loudnessLufs'
  | 'gateDbov'
  | 'sampleRate'
  | 'zeroUnixMs'
  | 'endUnixMs'
  | 'isFilledUp'
  | 'title'
  | 'timeReference'
  | 'channelNames'
  | 'chapters'
> & { readonly fileTracks: number };
