import type { FilmWindow } from '../composite/cast-of.ts';
import type { DecodingThreads } from '../mix/decoding-threads.ts';
import { COMPOSITE_FORMAT_TABLE, type CompositeFormat } from '../plan/composite-formats.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { type JobEvents, placedBytesOf } from './job.ts';

/** What of the work mixing is, about. */
export const SOUND_SHARE = 0.05;

export interface FilmSound {
  readonly settings: OutputSettings;
  readonly output: { readonly file: string; readonly format: CompositeFormat };
  readonly window: FilmWindow;
  readonly tracks: readonly PlacedTrack[];
  readonly threads?: DecodingThreads | undefined;
}

/** A film's sound, from its first picture to its last; undefined where nobody has any. */
export async function mixedSound(
  { settings, output, window, tracks, threads }: FilmSound,
  path: string,
  { signal, onProgress }: JobEvents,
): Promise<{ readonly path: string; readonly channels: number } | undefined> {
  const heard = tracks.filter(({ codec }) => codec === 'opus');
  if (heard.length === 0) return undefined;
  const totalBytes = placedBytesOf(tracks);
  onProgress({ type: 'output-started', file: output.file, totalBytes });
  const { mixTracks } = await import('../mix/mix-tracks.ts');
  const { channels } = await mixTracks({
    path,
    format: COMPOSITE_FORMAT_TABLE[output.format].sound,
    layout: heard.some(isStereo) ? 'stereo' : 'mono',
    ...window,
    title: '',
    madeBy: settings.madeBy,
    tracks: heard,
    threads,
    ffmpegPath: settings.ffmpegPath,
    maxEntrySize: settings.maxEntrySize,
    signal,
    onProgress: (mixedMs, totalMs) => {
      const bytes = SOUND_SHARE * (mixedMs / totalMs) * totalBytes;
      onProgress({ type: 'output-progress', file: output.file, bytes, totalBytes });
    },
  });
  return { path, channels };
}

export const isStereo = ({ scans }: PlacedTrack): boolean => scans.some(({ stereo }) => stereo);
