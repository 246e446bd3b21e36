import type { CallRef, RecordingControl } from '@rawreel/recording-control';
import type { Context } from '../context.ts';
import type { RecordingControlPackage } from '../lazy-packages.ts';
import type { StreamAccess } from '../options/stream-access.ts';
import { credentialsFor } from './credentials.ts';

export interface Connected {
  readonly control: RecordingControl;
  readonly library: RecordingControlPackage;
}

/** Nothing is sent yet. */
export async function connect(access: StreamAccess, context: Context): Promise<Connected> {
  const credentials = await credentialsFor(access, context);
  const library = await context.packages.control();
  const { requestTimeout: timeoutMs } = access;
  return { control: library.createRecordingControl({ ...credentials, timeoutMs }), library };
}

export interface ConnectedToCall extends Connected {
  readonly call: CallRef;
}

/** @param access with the call as it was typed: `type:id` */
export async function connectToCall(
  access: StreamAccess & { readonly call: string },
  context: Context,
): Promise<ConnectedToCall> {
  // The command line is looked at before anything else.
  const call = (await context.packages.control()).parseCallRef(access.call);
  return { ...(await connect(access, context)), call };
}
