import type { Plan } from './plan.ts';

/** What all outputs of a run are made with, whatever they are: plain values. */
export interface OutputSettings {
  readonly plan: Pick<Plan, 'call' | 'gaps' | 'dtx' | 'align' | 'cut'>;
  readonly zeroUnixMs: number;
  /** Folder of unfinished files. */
  readonly workFolder: string;
  readonly maxEntrySize?: number | undefined;
  readonly ffmpegPath?: string | undefined;
  /** Name and version that outputs give as their maker. */
  readonly madeBy: string;
  /** Tracks are watched while they are scanned, for an inspection. */
  readonly inspect?: boolean | undefined;
}
