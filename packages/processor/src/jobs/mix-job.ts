import type { OutputSettings } from '../plan/output-settings.ts';
import type { MixOutput } from '../plan/plan.ts';
import { commonZeroOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack } from '../report/describe-track.ts';
import { tenths } from '../tenths.ts';
import type { JobEvents } from './job.ts';
import { mixedFile, type SoundJob } from './mixed-file.ts';
import type { SoundSettings } from './sound-settings.ts';
import type { WriteResult } from './write-job.ts';

export interface MixJob extends SoundJob {
  readonly output: MixOutput;
  /** Of one that lies beside others: when it begins and ends, and the path of its chapters (FFMETADATA1). */
  readonly beside?: Pick<SoundSettings, 'zeroUnixMs' | 'endUnixMs' | 'chapters'> | undefined;
}

/** How a mix is written. Default layout: stereo where a track is stereo, mono otherwise. */
export function mixSound(
  output: MixOutput,
  tracks: readonly PlacedTrack[],
  { plan, zeroUnixMs }: OutputSettings,
): SoundSettings {
  const { call, align, cut } = plan;
  const fromUnixMs = cut?.fromMs === undefined ? undefined : zeroUnixMs + cut.fromMs;
  const isStereo = tracks.some(({ scans }) => scans.some(({ stereo }) => stereo));
  const perUser = output.layout === 'per-user' && output.format === 'mkv';
  return {
    format: output.format,
    layout: output.layout ?? (isStereo ? 'stereo' : 'mono'),
    bitrateKbps: output.bitrateKbps,
    loudnessLufs: output.loudnessLufs,
    gateDbov: output.gateDbov,
    zeroUnixMs: fromUnixMs ?? (align === 'recording' ? zeroUnixMs : commonZeroOf(tracks, zeroUnixMs)),
    endUnixMs: cut?.toMs === undefined ? undefined : zeroUnixMs + cut.toMs,
    title: `everybody · ${call.type}:${call.id}`,
    fileTracks: perUser ? new Set(tracks.map(({ track }) => track.userId)).size : 1,
  };
}

export async function mixJob({ output, beside, ...job }: MixJob, events: JobEvents): Promise<WriteResult> {
  const { settings, tracks } = job;
  if (tracks.length === 0) return { problems: [] };
  const sound = { ...mixSound(output, tracks, settings), ...beside };
  const { mixed, facts } = await mixedFile(job, output.file, sound, events);
  return {
    file: {
      kind: 'mix',
      ...facts,
      ...(settings.plan.cut === undefined ? {} : { cut: settings.plan.cut }),
      channels: mixed.channels,
      ...(mixed.users.length === 0 ? {} : { users: mixed.users }),
      ...(Number.isFinite(mixed.peakDbfs) ? { peakDbfs: tenths(mixed.peakDbfs) } : {}),
      limitedMs: tenths(mixed.limitedMs),
      ...(output.gateDbov === undefined ? {} : { gateDbov: output.gateDbov }),
      tracks: tracks.map((placed) => {
        const gatedShare = mixed.gatedShares.get(placed);
        return {
          ...heardTrack(placed.track),
          ...(gatedShare === undefined ? {} : { gatedShare: thousandths(gatedShare) }),
        };
      }),
    },
    problems: [],
  };
}

const thousandths = (share: number): number => Math.round(share * 1000) / 1000;
