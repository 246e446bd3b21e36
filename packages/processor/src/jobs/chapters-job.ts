import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FilmWindow, Rehearsal } from '../composite/cast-of.ts';
import { type Chapter, chaptersOf, chaptersVtt, momentsOf, withFirstWords } from '../composite/chapters.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { ChaptersOutput, CompositeOutput } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack, startOf } from '../report/describe-track.ts';
import { tenths } from '../tenths.ts';
import type { WriteResult } from './write-job.ts';

interface ToldFilm {
  readonly settings: OutputSettings;
  readonly output: ChaptersOutput | CompositeOutput;
  readonly window: FilmWindow;
  readonly rehearsal: Rehearsal;
}

export interface ChaptersJob extends ToldFilm {
  readonly output: ChaptersOutput;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly temporaryName: string;
}

/** What happens in a film, on its clock. */
export function filmChapters({ settings, output, window, rehearsal: { cast } }: ToldFilm): Chapter[] {
  return withFirstWords(
    chaptersOf(momentsOf(cast, output.look.names), cast.durationMs),
    output.captions?.cues ?? [],
    window.zeroUnixMs - settings.zeroUnixMs,
  );
}

/** The chapters of a film beside it: no browser shows those within. */
export function chaptersJob(job: ChaptersJob): WriteResult {
  const { settings, output, tracks, window, rehearsal, temporaryName } = job;
  const { durationMs } = rehearsal.cast;
  const chapters = filmChapters(job);
  const bytes = Buffer.from(chaptersVtt(chapters, durationMs));
  writeFileSync(join(settings.workFolder, temporaryName), bytes);
  return {
    file: {
      kind: 'chapters',
      path: output.file,
      ...startOf(window.zeroUnixMs, settings.zeroUnixMs),
      durationMs: tenths(durationMs),
      byteLength: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      chapters: chapters.length,
      tracks: tracks.map(({ track }) => heardTrack(track)),
    },
    problems: [],
  };
}
