import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DecodingThreads } from '../mix/decoding-threads.ts';
import type { MixedFile } from '../mix/mix-tracks.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { startOf } from '../report/describe-track.ts';
import type { OutputFacts } from '../report/report.ts';
import { tenths } from '../tenths.ts';
import { sha256Of } from '../write/sha256.ts';
import { type JobEvents, placedBytesOf } from './job.ts';
import { checkSilence, soundNeedOf } from './sound-need.ts';
import type { SoundSettings } from './sound-settings.ts';

/** All that any output needs that is decoded, summed and encoded anew. */
export interface SoundJob {
  readonly settings: OutputSettings;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly temporaryName: string;
  readonly threads?: DecodingThreads | undefined;
  /** How much silence, beyond what is always allowed, it may be made of. */
  readonly fillerBytes: number;
  /** Whether it is read back: its length, and that a decoder takes it. */
  readonly verify: boolean;
}

/**
 * Mixes in this thread, unless there are threads and enough to decode for them.
 *
 * @throws {ProcessorError} ERR_TOO_MUCH_SILENCE; as mixTracks does; ERR_OUTPUT_DIFFERS
 */
export async function mixedFile(
  { settings, tracks, temporaryName, threads, fillerBytes, verify }: SoundJob,
  file: string,
  { fileTracks, ...sound }: SoundSettings,
  events: JobEvents,
): Promise<{ readonly mixed: MixedFile; readonly facts: OutputFacts }> {
  const { signal, onProgress } = events;
  checkSilence(file, soundNeedOf(sound, tracks), fillerBytes);
  const path = join(settings.workFolder, temporaryName);
  const totalBytes = placedBytesOf(tracks);
  onProgress({ type: 'output-started', file, totalBytes });
  // A decoder takes time to load, which runs that do not mix need not wait for.
  const { mixTracks } = await import('../mix/mix-tracks.ts');
  const mixed = await mixTracks({
    ...sound,
    path,
    madeBy: settings.madeBy,
    tracks,
    threads,
    ffmpegPath: settings.ffmpegPath,
    maxEntrySize: settings.maxEntrySize,
    signal,
    onProgress: (mixedMs, totalMs) =>
      onProgress({ type: 'output-progress', file, bytes: (mixedMs / totalMs) * totalBytes, totalBytes }),
  });
  const facts = {
    path: file,
    ...startOf(sound.zeroUnixMs, settings.zeroUnixMs),
    durationMs: tenths(mixed.durationMs),
    byteLength: statSync(path).size,
    sha256: sha256Of(path),
  };
  if (!verify) return { mixed, facts };
  const encoded = Array.from({ length: fileTracks }, () => ({ kind: 'audio' as const }));
  const { expectNoMismatch } = await import('./verify-output.ts');
  await expectNoMismatch({ path, tracks: encoded, encodedMs: mixed.durationMs }, file, settings, events);
  return { mixed, facts: { ...facts, verified: { frames: 0, decodes: true } } };
}
