import type { CallRef, RecordingControl } from '@rawreel/recording-control';
import type { ControlSettings } from '../declare/control-settings.ts';
import type { ControlDoor } from '../doors.ts';
import type { Surroundings } from '../surroundings.ts';
import { credentialsFor } from './credentials.ts';

export interface Connected {
  readonly control: RecordingControl;
  readonly door: ControlDoor;
}

/** Nothing is sent yet. */
export async function connect(settings: ControlSettings, around: Surroundings): Promise<Connected> {
  const credentials = await credentialsFor(settings.access, around);
  const door = await around.doors.control();
  const { requestTimeoutMs: timeoutMs } = settings;
  return { control: door.createRecordingControl({ ...credentials, timeoutMs }), door };
}

/** To the app that has the call. */
export async function connectToCall(
  settings: ControlSettings & { readonly call: string },
  around: Surroundings,
): Promise<Connected & { readonly call: CallRef }> {
  // The command line is looked at before anything else.
  const call = (await around.doors.control()).parseCallRef(settings.call);
  return { ...(await connect(settings, around)), call };
}
