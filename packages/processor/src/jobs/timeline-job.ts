import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timeline } from '../handoff/timeline.ts';
import { writeTimeline } from '../handoff/write-timeline.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { TimelineOutput } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack, startOf } from '../report/describe-track.ts';
import { tenths } from '../tenths.ts';
import type { WriteResult } from './write-job.ts';

export interface TimelineJob {
  readonly settings: OutputSettings;
  readonly output: TimelineOutput;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly timeline: Timeline;
  readonly zeroUnixMs: number;
  readonly temporaryName: string;
}

/** A timeline in one of its formats. */
export async function timelineJob(job: TimelineJob): Promise<WriteResult> {
  const { settings, output, tracks, timeline, zeroUnixMs, temporaryName } = job;
  const bytes = Buffer.from(writeTimeline(timeline, output.format));
  await writeFile(join(settings.workFolder, temporaryName), bytes);
  return {
    file: {
      kind: 'timeline',
      path: output.file,
      ...startOf(zeroUnixMs, settings.zeroUnixMs),
      durationMs: tenths(timeline.durationMs),
      byteLength: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format: output.format,
      clips: timeline.tracks.reduce((sum, { clips }) => sum + clips.length, 0),
      markers: timeline.markers.length,
      tracks: tracks.map(({ track }) => heardTrack(track)),
    },
    problems: [],
  };
}
