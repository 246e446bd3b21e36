import { statSync } from 'node:fs';
import { join } from 'node:path';
import { mixTracks } from '../mix/mix-tracks.ts';
import type { MixOutput } from '../plan/plan.ts';
import { startOf, tenths } from '../report/describe-track.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import type { Making } from '../write/making.ts';
import { sha256Of } from '../write/sha256.ts';
import { dumpBytesOf, type JobEvents } from './job.ts';
import { expectNoMismatch } from './verify-output.ts';
import type { WriteResult } from './write-job.ts';

export interface MixJob {
  readonly making: Making;
  readonly output: MixOutput;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly temporaryName: string;
  readonly workers?: number;
  /** Whether it is read back: its length, and that a decoder takes it. */
  readonly verify: boolean;
}

/** Mixes in this thread; decoding has threads of its own. */
export async function mixJob(
  { making, output, tracks, temporaryName, workers, verify }: MixJob,
  events: JobEvents,
): Promise<WriteResult> {
  const { signal, onProgress } = events;
  if (tracks.length === 0) return { problems: [] };
  const { call } = making.plan;
  const path = join(making.workFolder, temporaryName);
  const totalBytes = tracks.reduce((sum, { track }) => sum + dumpBytesOf(track), 0);
  const { file } = output;
  onProgress({ type: 'output-started', file, totalBytes });
  const isStereo = tracks.some(({ scans }) => scans.some(({ stereo }) => stereo));
  const zeroUnixMs = Math.min(making.zeroUnixMs, ...tracks.flatMap(({ runs }) => runs[0]?.startMs ?? []));
  const mixed = await mixTracks({
    path,
    format: output.format,
    layout: output.layout ?? (isStereo ? 'stereo' : 'mono'),
    ...(output.bitrateKbps === undefined ? {} : { bitrateKbps: output.bitrateKbps }),
    ...(output.loudnessLufs === undefined ? {} : { loudnessLufs: output.loudnessLufs }),
    zeroUnixMs,
    title: `everybody · ${call.type}:${call.id}`,
    madeBy: making.madeBy,
    tracks,
    ...(workers === undefined ? {} : { workers }),
    ...(making.ffmpegPath === undefined ? {} : { ffmpegPath: making.ffmpegPath }),
    ...(making.maxEntrySize === undefined ? {} : { maxEntrySize: making.maxEntrySize }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (mixedMs, totalMs) =>
      onProgress({ type: 'output-progress', file, bytes: (mixedMs / totalMs) * totalBytes, totalBytes }),
  });
  if (verify) {
    const perUser = output.layout === 'per-user' && output.format === 'mkv';
    const users = new Set(tracks.map(({ track }) => track.userId));
    const encoded = Array.from({ length: perUser ? users.size : 1 }, () => ({ kind: 'audio' as const }));
    await expectNoMismatch({ path, tracks: encoded, encodedMs: mixed.durationMs }, file, making, events);
  }
  return {
    file: {
      kind: 'mix',
      path: file,
      ...startOf(zeroUnixMs, making.zeroUnixMs),
      durationMs: tenths(mixed.durationMs),
      byteLength: statSync(path).size,
      sha256: sha256Of(path),
      channels: mixed.channels,
      ...(Number.isFinite(mixed.peakDbfs) ? { peakDbfs: tenths(mixed.peakDbfs) } : {}),
      limitedMs: tenths(mixed.limitedMs),
      tracks: tracks.map(({ track: { userId, sessionId, trackId, trackType } }) => ({
        userId,
        sessionId,
        trackId,
        trackType,
      })),
    },
    problems: [],
  };
}
