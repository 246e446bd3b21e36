import type { CallRef } from '../names.ts';
import type { RawRecordingSettings } from './raw-recording-settings.ts';

/** What has settings of raw recording. */
export type SettingsTarget = { readonly call: CallRef } | { readonly callType: string };

export interface ChangedSettings {
  readonly target: SettingsTarget;
  readonly state: 'changed';
  readonly before: RawRecordingSettings;
  readonly after: RawRecordingSettings;
}

export interface UnchangedSettings {
  readonly target: SettingsTarget;
  readonly state: 'unchanged';
  readonly settings: RawRecordingSettings;
}

export type SettingsChange = ChangedSettings | UnchangedSettings;
