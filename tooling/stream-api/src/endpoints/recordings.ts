import { ApiError } from '../errors.ts';
import { type StartRecording, startRecording, stopRecording } from '../requests/bodies.ts';
import { activeSession, cidOf, recordingResponse, settingsOf, underWay } from '../state/answers.ts';
import { setting } from '../state/default-settings.ts';
import { isEncrypted } from '../state/session.ts';
import { type Call, RECORDING_TYPES, type RecordingType } from '../state/state.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { existingCall, mustKnowStorage, param } from './lookup.ts';

const PATH = '/api/v2/video/call/{type}/{id}';
const SECTION_OF = {
  composite: 'recording',
  individual: 'individual_recording',
  raw: 'raw_recording',
} as const;

/** @throws ApiError where a setting forbids it, nobody is there, one runs, or the storage is not known. */
export function startOn(
  api: Api,
  operation: string,
  call: Call,
  type: RecordingType,
  storage: string | undefined,
): void {
  mustKnowStorage(api.state, operation, storage);
  const section = SECTION_OF[type];
  if (setting(settingsOf(api.state, call), section, 'mode') === 'disabled')
    throw new ApiError('input', `${operation} failed with error: "${section} is disabled for this call"`);
  if (isEncrypted(api, call))
    throw new ApiError('input', `${operation} failed with error: "the call is end-to-end encrypted"`);
  if (activeSession(call) === undefined)
    throw new ApiError('input', `${operation} failed with error: "there is no active session"`);
  if (underWay(call, type) !== undefined)
    throw new ApiError('input', `${operation} failed with error: "${type} recording is already running"`);
  api.recorder.start(call, type, storage ?? api.state.callTypes.get(call.type)?.externalStorage);
}

export const recordingEndpoints: readonly Endpoint[] = [
  {
    name: 'StartRecording',
    method: 'POST',
    path: `${PATH}/recordings/{recording_type}/start`,
    only: { recording_type: RECORDING_TYPES },
    body: startRecording,
    answer(api, input) {
      const call = existingCall(api.state, 'StartRecording', input);
      const { recording_external_storage } = input.body as StartRecording;
      startOn(api, 'StartRecording', call, typeOf(input.params), recording_external_storage);
      return {};
    },
  },
  {
    name: 'StopRecording',
    method: 'POST',
    path: `${PATH}/recordings/{recording_type}/stop`,
    only: { recording_type: RECORDING_TYPES },
    body: stopRecording,
    answer(api, input) {
      const call = existingCall(api.state, 'StopRecording', input);
      const type = typeOf(input.params);
      // Whether one that is about to run can be stopped is not documented.
      if (underWay(call, type)?.phase !== 'running')
        throw new ApiError('input', 'StopRecording failed with error: "call egress is not running"');
      api.recorder.stop(call, type);
      return {};
    },
  },
  {
    name: 'ListRecordings',
    method: 'GET',
    path: `${PATH}/recordings`,
    answer(api, input) {
      const call = existingCall(api.state, 'ListRecordings', input);
      return {
        recordings: call.recordings
          .filter(({ phase }) => phase === 'ready')
          .map((recording) => recordingResponse(recording, api.urlOf(call, recording))),
      };
    },
  },
  {
    name: 'DeleteRecording',
    method: 'DELETE',
    path: `${PATH}/{session}/recordings/{filename}`,
    answer(api, input) {
      const call = existingCall(api.state, 'DeleteRecording', input);
      const session = param(input.params, 'session');
      const filename = param(input.params, 'filename');
      const recording = call.recordings.find(
        (candidate) =>
          candidate.phase === 'ready' && candidate.sessionId === session && candidate.filename === filename,
      );
      if (recording === undefined)
        throw new ApiError(
          'doesNotExist',
          `DeleteRecording failed with error: "Can't find recording ${filename} of session ${session} of call ${cidOf(call)}"`,
        );
      if (recording.externalStorage !== undefined)
        throw new ApiError(
          'input',
          `DeleteRecording failed with error: "recording ${filename} is in external storage ${recording.externalStorage}"`,
        );
      call.recordings.splice(call.recordings.indexOf(recording), 1);
      return {};
    },
  },
];

function typeOf(params: Readonly<Record<string, string>>): RecordingType {
  const value = param(params, 'recording_type');
  const type = RECORDING_TYPES.find((known) => known === value);
  if (type === undefined) throw new Error(`the route let ${value} through`);
  return type;
}
