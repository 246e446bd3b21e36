import type { FilmWindow } from '../composite/cast-of.ts';
import type { StemOutput } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack } from '../report/describe-track.ts';
import { isStereo } from './film-sound.ts';
import type { JobEvents } from './job.ts';
import { mixedFile, type SoundJob } from './mixed-file.ts';
import type { SoundSettings } from './sound-settings.ts';
import type { WriteResult } from './write-job.ts';

export interface StemJob extends SoundJob {
  readonly output: StemOutput;
  /** Of the call: all stems begin and end with it. */
  readonly window: FilmWindow;
}

/** How a stem is written, whoever's it is. */
export function stemSound(
  { format, name }: StemOutput,
  tracks: readonly PlacedTrack[],
  window: FilmWindow,
): Omit<SoundSettings, 'title' | 'fileTracks'> {
  const layout = tracks.some(isStereo) ? 'stereo' : 'mono';
  return {
    format,
    layout,
    ...window,
    isFilledUp: true,
    // From the zero of the timeline, where all stems begin.
    timeReference: 0,
    channelNames: layout === 'mono' ? [name] : [`${name} L`, `${name} R`],
  };
}

/** All sound of one user, from the call's zero to its end. */
export async function stemJob({ output, window, ...job }: StemJob, events: JobEvents): Promise<WriteResult> {
  const { settings, tracks } = job;
  const userId = tracks[0]?.track.userId;
  if (userId === undefined) return { problems: [] };
  const { call } = settings.plan;
  const sound = stemSound(output, tracks, window);
  const title = `${output.name} · ${call.type}:${call.id}`;
  const { mixed, facts } = await mixedFile(job, output.file, { ...sound, title, fileTracks: 1 }, events);
  return {
    file: {
      kind: 'stem',
      ...facts,
      userId,
      channels: mixed.channels,
      tracks: tracks.map(({ track }) => heardTrack(track)),
    },
    problems: [],
  };
}
