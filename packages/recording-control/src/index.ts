export type { Access } from './access.ts';
export { safeBaseUrl } from './base-url.ts';
export type { RecordingState } from './calls.ts';
export type { Clock } from './clock.ts';
export { RecordingControlError, type RecordingControlErrorCode } from './errors.ts';
export type {
  AppHooks,
  HookChange,
  RegisterOptions,
  WriteHooksOptions,
} from './event-hooks/event-hooks.ts';
export type { HookPlan } from './event-hooks/plan.ts';
export {
  addressOf,
  eventTypesOf,
  type HookDestination,
  RECORDING_EVENT_TYPES,
  type StoredHook,
  withoutHookSecrets,
} from './event-hooks/stored-hook.ts';
export type {
  AssignedStorage,
  ExternalStorage,
  NewExternalStorage,
  UnassignedStorage,
} from './external-storage.ts';
export { type GrantsChange, RECORDING_CAPABILITIES, type RecordingGrants } from './grants.ts';
export type { StopLiveOptions, StoppedLive, WentLive } from './live.ts';
export { type CallRef, formatCallRef, parseCallRef, type RecordingName } from './names.ts';
export type { GoLiveOptions, RecordingStatus, Started, StartOptions, Stopped } from './raw-recording.ts';
export {
  type ControlOptions,
  type Credentials,
  createRecordingControl,
  type RecordingControl,
} from './recording-control.ts';
export type { AwaitedRecording, Deleted, ListedRecording, ListOptions, WaitOptions } from './recordings.ts';
export type { RetryBudget } from './requests.ts';
export {
  type RawRecordingChange,
  type RawRecordingSettings,
  RECORDING_MODES,
  type RecordingMode,
} from './settings/raw-recording-settings.ts';
export {
  type FailedChange,
  formatSettingsDiff,
  formatTarget,
  type SetManyOptions,
  type SetManyProgress,
  type SettingsReport,
} from './settings/set-many.ts';
export type { CallTypeSettings } from './settings/settings.ts';
export type {
  ChangedSettings,
  SettingsChange,
  SettingsTarget,
  UnchangedSettings,
} from './settings/settings-change.ts';
export type { CallQuery, SweepOptions, SweptCall } from './sweep.ts';
