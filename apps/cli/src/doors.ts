import type * as delivery from '@rawreel/delivery';

export type { OpenedRecording } from '@rawreel/delivery';

/** What the commands use of the packages, and no more, so that a test can stand in for them. */
export type StorageDoor = delivery.StorageDoor &
  Pick<typeof import('@rawreel/storage'), 'listCache' | 'clearCache' | 'downloadFile'>;

export type ProcessorDoor = delivery.ProcessorDoor &
  Pick<
    typeof import('@rawreel/processor'),
    | 'lookForFfmpeg'
    | 'SOUND_ENCODERS'
    | 'lackingPictures'
    | 'howToInstallFfmpeg'
    | 'whereIs'
    | 'isHiddenFromSnap'
  >;

export type ControlDoor = Pick<
  typeof import('@rawreel/recording-control'),
  | 'createRecordingControl'
  | 'safeBaseUrl'
  | 'RECORDING_CAPABILITIES'
  | 'parseCallRef'
  | 'formatCallRef'
  | 'formatTarget'
  | 'formatSettingsDiff'
  | 'addressOf'
  | 'eventTypesOf'
  | 'withoutHookSecrets'
>;

export type JobsDoor = Pick<typeof import('./jobs/jobs-api.ts'), 'createJobsApi'>;

/** Loaded when a command first needs one: `--help` and `completion` never do. */
export interface Doors extends delivery.Doors {
  processor(): Promise<ProcessorDoor>;
  storage(): Promise<StorageDoor>;
  control(): Promise<ControlDoor>;
  jobs(): Promise<JobsDoor>;
}

export const doors: Doors = {
  archive: () => import('@rawreel/archive'),
  processor: () => import('@rawreel/processor'),
  storage: () => import('@rawreel/storage'),
  control: () => import('@rawreel/recording-control'),
  jobs: () => import('./jobs/jobs-api.ts'),
};
