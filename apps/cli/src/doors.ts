import type { Recording } from '@rawreel/archive';
import type { Plan, PlanRequest, ProgressEvent, Report } from '@rawreel/processor';

export interface OpenOptions {
  readonly signal?: AbortSignal;
  readonly limits?: { readonly maxEntrySize?: number; readonly maxEntries?: number };
}

export type OpenedRecording = Recording & AsyncDisposable;

export interface RunOptions {
  readonly output: string;
  /** Name and version that files and manifest give as their maker. */
  readonly madeBy: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly workers?: number;
  readonly maxEntrySize?: number;
  readonly ffmpegPath?: string;
}

export interface Ffmpeg {
  readonly path: string;
  readonly version: string;
  readonly encoders: readonly string[];
}

export interface ArchiveDoor {
  openRecording(path: string, options?: OpenOptions): Promise<OpenedRecording>;
}

export interface ProcessorDoor {
  planRecording(recording: Recording, request: PlanRequest): Plan;
  runPlan(plan: Plan, options: RunOptions): Promise<Report>;
  findFfmpeg(path?: string): Promise<Ffmpeg | undefined>;
}

/** The two packages, loaded when a command first needs one: `--help` and `completion` never do. */
export interface Doors {
  archive(): Promise<ArchiveDoor>;
  processor(): Promise<ProcessorDoor>;
}

export const doors: Doors = {
  archive: async () => (await import('@rawreel/archive')) as unknown as ArchiveDoor,
  processor: async () => (await import('@rawreel/processor')) as unknown as ProcessorDoor,
};
