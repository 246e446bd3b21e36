import type { VoiceOutput } from '../plan/plan.ts';
import { heardTrack } from '../report/describe-track.ts';
import type { JobEvents } from './job.ts';
import { mixedFile, type SoundJob } from './mixed-file.ts';
import type { SoundSettings } from './sound-settings.ts';
import type { WriteResult } from './write-job.ts';

/** Hz that speech recognizers are trained on: they resample all else. */
const SAMPLE_RATE = 16_000;

export interface VoiceJob extends SoundJob {
  readonly output: VoiceOutput;
  /** Where all voices of the run begin. */
  readonly zeroUnixMs: number;
}

/** How a voice is written, whoever's it is. */
export const voiceSound = (zeroUnixMs: number): Omit<SoundSettings, 'title' | 'fileTracks'> => ({
  format: 'flac',
  layout: 'mono',
  sampleRate: SAMPLE_RATE,
  zeroUnixMs,
});

/** All tracks of one user as one voice, from the zero to its own end. */
export async function voiceJob(
  { output, zeroUnixMs, ...job }: VoiceJob,
  events: JobEvents,
): Promise<WriteResult> {
  const { settings, tracks } = job;
  const userId = tracks[0]?.track.userId;
  if (userId === undefined) return { problems: [] };
  const { call } = settings.plan;
  const title = `${userId} · ${call.type}:${call.id}`;
  const sound = { ...voiceSound(zeroUnixMs), title, fileTracks: 1 };
  const { facts } = await mixedFile(job, output.file, sound, events);
  return {
    file: { kind: 'voice', ...facts, userId, tracks: tracks.map(({ track }) => heardTrack(track)) },
    problems: [],
  };
}
