import type { Plan, PlannedOutput } from '../plan/plan.ts';
import type { ReportedFile, TrackProblem } from '../report/report.ts';
import type { ProgressEvent } from './progress.ts';

/** All that one worker needs to make one output: plain values. */
export interface TrackJob {
  readonly plan: Pick<Plan, 'call' | 'gaps' | 'dtx' | 'align'>;
  readonly zeroUnixMs: number;
  readonly output: PlannedOutput;
  readonly workFolder: string;
  /** Name, unique in the work folder, of the unfinished output. */
  readonly temporaryName: string;
  readonly maxEntrySize?: number;
  readonly ffmpegPath?: string;
  readonly madeBy: string;
}

/** What became of a job: a file in the work folder, or problems that say why there is none. */
export interface TrackResult {
  readonly file?: ReportedFile;
  readonly problems: readonly TrackProblem[];
}

export interface TrackJobEvents {
  readonly signal?: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** Inflated bytes that a job reads. */
export const dumpBytesOf = ({ output }: TrackJob): number =>
  output.track.segments.reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);
