import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captionsVtt } from '../composite/captions.ts';
import type { FilmWindow } from '../composite/cast-of.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { CaptionsOutput } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack, startOf } from '../report/describe-track.ts';
import { tenths } from '../tenths.ts';
import type { WriteResult } from './write-job.ts';

export interface CaptionsJob {
  readonly settings: OutputSettings;
  readonly output: CaptionsOutput;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly window: FilmWindow;
  readonly temporaryName: string;
}

/** The captions of a film beside it: no browser shows those within. None where nobody says anything. */
export function captionsJob({ settings, output, tracks, window, temporaryName }: CaptionsJob): WriteResult {
  const { zeroUnixMs, endUnixMs } = window;
  const { cues: spoken, language } = output.captions;
  const durationMs = endUnixMs - zeroUnixMs;
  const vtt = captionsVtt(spoken, { offsetMs: zeroUnixMs - settings.zeroUnixMs, durationMs });
  if (vtt === undefined) return { problems: [] };
  const bytes = Buffer.from(vtt.text);
  writeFileSync(join(settings.workFolder, temporaryName), bytes);
  return {
    file: {
      kind: 'captions',
      path: output.file,
      ...startOf(zeroUnixMs, settings.zeroUnixMs),
      durationMs: tenths(durationMs),
      byteLength: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...(language === undefined ? {} : { language }),
      cues: vtt.cues,
      tracks: tracks.map(({ track }) => heardTrack(track)),
    },
    problems: [],
  };
}
