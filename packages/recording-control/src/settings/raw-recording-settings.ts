import { printable } from '@rawreel/text';
import { RecordingControlError } from '../errors.ts';

/**
 * `disabled`: cannot be started. `available`: off until started. `auto-on`: starts with the call, backstage included.
 */
export const RECORDING_MODES = ['disabled', 'available', 'auto-on'] as const;
export type RecordingMode = (typeof RECORDING_MODES)[number];

export interface RawRecordingSettings {
  readonly mode: RecordingMode;
  readonly audioOnly: boolean;
}

/** At least one of the two; what is left out stays as it is. */
export type RawRecordingChange =
  | { readonly mode: RecordingMode; readonly audioOnly?: boolean | undefined }
  | { readonly mode?: RecordingMode | undefined; readonly audioOnly: boolean };

/** @throws {RecordingControlError} ERR_BAD_ANSWER for a mode that is not known here and so could not be kept */
export function settingsOf(answer: {
  settings: { raw_recording: { mode: string; audio_only: boolean } };
}): RawRecordingSettings {
  const { mode, audio_only: audioOnly } = answer.settings.raw_recording;
  const known = RECORDING_MODES.find((candidate) => candidate === mode);
  if (known !== undefined) return { mode: known, audioOnly };
  throw new RecordingControlError(
    'ERR_BAD_ANSWER',
    `The API returned an unknown mode of raw recording: "${printable(mode)}"`,
    { hint: 'Look for a newer version of this package.' },
  );
}

export function changed(before: RawRecordingSettings, change: RawRecordingChange): RawRecordingSettings {
  return { mode: change.mode ?? before.mode, audioOnly: change.audioOnly ?? before.audioOnly };
}

export const isEqual = (a: RawRecordingSettings, b: RawRecordingSettings): boolean =>
  a.mode === b.mode && a.audioOnly === b.audioOnly;

/**
 * Whole, as a request has to be: `mode` is required, and whether the API would keep an `audio_only` that is left out is not
 * documented.
 */
export const toRequest = ({ mode, audioOnly }: RawRecordingSettings) => ({
  raw_recording: { mode, audio_only: audioOnly },
});
