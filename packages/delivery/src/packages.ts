import type { EntryLocation, OpenOptions, Recording } from '@rawreel/archive';
import type { ManifestFile, Plan, PlanRequest, Report, RunOptions } from '@rawreel/processor';

/** The functions that a delivery uses of each package; tests pass their own. */
export interface ArchiveDoor {
  openRecording(path: string, options?: OpenOptions): Promise<OpenedRecording>;
}

export type OpenedRecording = Recording &
  AsyncDisposable & {
    fetch(dumps: readonly EntryLocation[], signal?: AbortSignal): Promise<void>;
    readonly transferred: number | undefined;
  };

export interface ProcessorDoor {
  planRecording(recording: Recording, request: PlanRequest): Plan;
  runPlan(plan: Plan, options: RunOptions): Promise<Report>;
  openWorkFolder(output: string): Promise<AsyncDisposable & { readonly path: string }>;
  readManifest(folder: string): Promise<readonly ManifestFile[]>;
  parseManifest(text: string, path: string): readonly ManifestFile[];
  mergedManifest(known: readonly ManifestFile[], made: readonly ManifestFile[]): string;
}

export type StorageDoor = Pick<
  typeof import('@rawreel/storage'),
  'evictCache' | 'uploadFile' | 'downloadSmall'
>;

/** Loads each package when it is first needed: opening a local recording loads neither of the other two. */
export interface Doors {
  archive(): Promise<ArchiveDoor>;
  processor(): Promise<ProcessorDoor>;
  storage(): Promise<StorageDoor>;
}

export const PACKAGES: Doors = {
  archive: () => import('@rawreel/archive'),
  processor: () => import('@rawreel/processor'),
  storage: () => import('@rawreel/storage'),
};
