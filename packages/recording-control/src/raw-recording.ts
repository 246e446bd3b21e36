import { type Calls, isRecordingRaw, type Signal } from './calls.ts';
import { type CallRef, formatCallRef } from './names.ts';
import type { Requests } from './requests.ts';
import { type RawRecordingSettings, settingsOf } from './settings/raw-recording-settings.ts';

export interface StartOptions {
  /** The name of an external storage; that of the call type where it is left out. */
  readonly externalStorage?: string | undefined;
  readonly signal?: Signal;
}

/**
 * `since` is a time of Stream's clock before the start, which `waitUntilReady` tells the recording by. When what runs was started is
 * not known.
 */
export type Started =
  | { readonly state: 'started'; readonly since: Date }
  | { readonly state: 'alreadyRunning'; readonly since: undefined };

export interface Stopped {
  readonly state: 'stopped' | 'notRunning';
}

export interface RecordingStatus {
  readonly call: CallRef;
  /** Of raw recording; the other types are recorded independently of it. */
  readonly state: 'running' | 'notRunning';
  readonly isBackstage: boolean;
  /** The call's latest session, if it had one. */
  readonly session: string | undefined;
  readonly settings: RawRecordingSettings;
}

const ALREADY_RUNNING = { state: 'alreadyRunning', since: undefined } as const;

/** Starting and stopping: what they find decides, not the wording of an answer. */
export class RawRecording {
  readonly #calls: Calls;
  readonly #requests: Requests;

  constructor(calls: Calls, requests: Requests) {
    this.#calls = calls;
    this.#requests = requests;
  }

  async start(call: CallRef, { externalStorage, signal }: StartOptions = {}): Promise<Started> {
    const sdkCall = this.#calls.at(call);
    const before = await this.#calls.read(call, signal);
    if (isRecordingRaw(before)) return ALREADY_RUNNING;
    const isOurs = await this.#requests.change({
      endpoint: 'StartRecording',
      action: `${formatCallRef(call)} cannot be recorded`,
      signal,
      send: () =>
        sdkCall.startRecording({
          recording_type: 'raw',
          ...(externalStorage !== undefined && { recording_external_storage: externalStorage }),
        }),
      look: () => this.#calls.lookForStart(call, signal, isRecordingRaw),
    });
    return isOurs ? { state: 'started', since: before.seenAt } : ALREADY_RUNNING;
  }

  async stop(call: CallRef, { signal }: { readonly signal?: Signal } = {}): Promise<Stopped> {
    const sdkCall = this.#calls.at(call);
    if (!isRecordingRaw(await this.#calls.read(call, signal))) return { state: 'notRunning' };
    const isOurs = await this.#requests.change({
      endpoint: 'StopRecording',
      action: `The recording of ${formatCallRef(call)} cannot be stopped`,
      signal,
      send: () => sdkCall.stopRecording({ recording_type: 'raw' }),
      look: async () => ({ isDone: !isRecordingRaw(await this.#calls.read(call, signal)) }),
    });
    return { state: isOurs ? 'stopped' : 'notRunning' };
  }

  async status(call: CallRef, { signal }: { readonly signal?: Signal } = {}): Promise<RecordingStatus> {
    const seen = await this.#calls.read(call, signal);
    return {
      call,
      state: isRecordingRaw(seen) ? 'running' : 'notRunning',
      isBackstage: seen.backstage,
      session: seen.current_session_id === '' ? undefined : seen.current_session_id,
      settings: settingsOf(seen),
    };
  }
}
