import type * as delivery from '@rawreel/delivery';

export type { OpenedRecording } from '@rawreel/delivery';

/** What the commands use of the packages, and no more, so that a test can stand in for them. */
export type StoragePackage = delivery.StorageDoor &
  Pick<typeof import('@rawreel/storage'), 'listCache' | 'clearCache' | 'downloadFile' | 'listObjects'>;

export type ProcessorPackage = delivery.ProcessorDoor &
  Pick<
    typeof import('@rawreel/processor'),
    | 'lookForFfmpeg'
    | 'lookForLetters'
    | 'hardwareEncodersOf'
    | 'tryEncoder'
    | 'PICTURE_ENCODERS'
    | 'SOUND_ENCODERS'
    | 'lackingPictures'
    | 'howToInstallFfmpeg'
    | 'whereIs'
    | 'isHiddenFromSnap'
    | 'readDisplayNames'
    | 'flawOfPicture'
    | 'readStreamLayout'
    | 'makeTranscript'
    | 'readCommandTemplate'
    | 'readTranscription'
    | 'inspectRecording'
    | 'captureRecording'
    | 'packetLinesOf'
    | 'frameLinesOf'
    | 'csvOf'
    | 'htmlOf'
    | 'scrubRecording'
    | 'NamedFiles'
  >;

export type FfmpegPackage = typeof import('@rawreel/processor/ffmpeg');

export type RecordingControlPackage = Pick<
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

export type JobsPackage = Pick<typeof import('./jobs/jobs-api.ts'), 'createJobsApi'>;

/** Loaded when a command first needs one: `--help` and `completion` never do. */
export interface Packages extends delivery.Doors {
  processor(): Promise<ProcessorPackage>;
  /** A small part of it. */
  ffmpeg(): Promise<FfmpegPackage>;
  storage(): Promise<StoragePackage>;
  control(): Promise<RecordingControlPackage>;
  jobs(): Promise<JobsPackage>;
}

export const packages: Packages = {
  archive: () => import('@rawreel/archive'),
  processor: () => import('@rawreel/processor'),
  ffmpeg: () => import('@rawreel/processor/ffmpeg'),
  storage: () => import('@rawreel/storage'),
  control: () => import('@rawreel/recording-control'),
  jobs: () => import('./jobs/jobs-api.ts'),
};
