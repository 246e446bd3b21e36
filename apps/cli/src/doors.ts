import type { EntryLocation, OpenOptions, Recording } from '@rawreel/archive';
import type {
  Ffmpeg,
  ManifestFile,
  NoFfmpeg,
  Plan,
  PlanRequest,
  Report,
  RunOptions,
} from '@rawreel/processor';

/** What the commands use of the packages, and no more, so that a test can stand in for them. */
export interface ArchiveDoor {
  openRecording(path: string, options?: OpenOptions): Promise<OpenedRecording>;
}

export type OpenedRecording = Recording &
  AsyncDisposable & {
    fetch(dumps: readonly EntryLocation[], signal?: AbortSignal): Promise<void>;
    readonly transferred: number | undefined;
  };

export type StorageDoor = Pick<
  typeof import('@rawreel/storage'),
  'listCache' | 'clearCache' | 'evictCache' | 'uploadFile' | 'downloadSmall' | 'downloadFile'
>;

export interface ProcessorDoor {
  planRecording(recording: Recording, request: PlanRequest): Plan;
  runPlan(plan: Plan, options: RunOptions): Promise<Report>;
  openWorkFolder(output: string): Promise<AsyncDisposable & { readonly path: string }>;
  lookForFfmpeg(path: string | undefined, signal: AbortSignal): Promise<Ffmpeg | NoFfmpeg>;
  readonly SOUND_ENCODERS: typeof import('@rawreel/processor').SOUND_ENCODERS;
  readonly PICTURE_ENCODERS: typeof import('@rawreel/processor').PICTURE_ENCODERS;
  readManifest(folder: string): Promise<readonly ManifestFile[]>;
  parseManifest(text: string, path: string): readonly ManifestFile[];
  mergedManifest(known: readonly ManifestFile[], made: readonly ManifestFile[]): string;
}

export type ControlDoor = Pick<
  typeof import('@rawreel/recording-control'),
  | 'createRecordingControl'
  | 'safeBaseUrl'
  | 'RECORDING_CAPABILITIES'
  | 'parseCallRef'
  | 'formatCallRef'
  | 'formatTarget'
  | 'formatSettingsDiff'
>;

/** Loaded when a command first needs one: `--help` and `completion` never do. */
export interface Doors {
  archive(): Promise<ArchiveDoor>;
  processor(): Promise<ProcessorDoor>;
  storage(): Promise<StorageDoor>;
  control(): Promise<ControlDoor>;
}

export const doors: Doors = {
  archive: () => import('@rawreel/archive'),
  processor: () => import('@rawreel/processor'),
  storage: () => import('@rawreel/storage'),
  control: () => import('@rawreel/recording-control'),
};
