import { withoutUndefined } from '@rawreel/text';
import { type Calls, isUnderWay, type Signal } from './calls.ts';
import { type CallRef, formatCallRef } from './names.ts';
import type { GoLiveOptions, RawRecording } from './raw-recording.ts';
import type { Requests } from './requests.ts';

export interface WentLive {
  readonly state: 'live' | 'alreadyLive';
  readonly recording: 'started' | 'alreadyRunning';
}

export interface StopLiveOptions {
  /** Default: false, raw recording stops with the broadcast. */
  readonly continueRecording?: boolean | undefined;
  readonly signal?: Signal;
}

export interface StoppedLive {
  readonly state: 'stopped' | 'notLive';
}

/** A call that has a backstage, going out of it and back, with raw recording. */
export class Live {
  readonly #calls: Calls;
  readonly #requests: Requests;
  readonly #rawRecording: RawRecording;

  constructor(calls: Calls, requests: Requests, rawRecording: RawRecording) {
    this.#calls = calls;
    this.#requests = requests;
    this.#rawRecording = rawRecording;
  }

  async goLive(call: CallRef, { externalStorage, signal }: GoLiveOptions = {}): Promise<WentLive> {
    const sdkCall = this.#calls.at(call);
    const before = await this.#calls.readToRecord(call, signal);
    if (!before.backstage) {
      const { state } = await this.#rawRecording.start(call, { externalStorage, signal });
      return { state: 'alreadyLive', recording: state };
    }
    const isRecorded = isUnderWay(before);
    const isOurs = await this.#requests.change({
      endpoint: 'GoLive',
      action: `${formatCallRef(call)} cannot go live with raw recording`,
      signal,
      send: () =>
        sdkCall.goLive(
          isRecorded
            ? {}
            : withoutUndefined({ start_raw_recording: true, recording_storage_name: externalStorage }),
        ),
      look: () => this.#calls.lookForStart(call, signal, (seen) => !seen.backstage && isUnderWay(seen)),
    });
    return {
      state: isOurs ? 'live' : 'alreadyLive',
      recording: isOurs && !isRecorded ? 'started' : 'alreadyRunning',
    };
  }

  async stopLive(
    call: CallRef,
    { continueRecording = false, signal }: StopLiveOptions = {},
  ): Promise<StoppedLive> {
    const sdkCall = this.#calls.at(call);
    const isBackstage = async () => (await this.#calls.read(call, signal)).backstage;
    if (await isBackstage()) return { state: 'notLive' };
    const isOurs = await this.#requests.change({
      endpoint: 'StopLive',
      action: `${formatCallRef(call)} cannot leave live`,
      signal,
      send: () => sdkCall.stopLive({ continue_raw_recording: continueRecording }),
      look: async () => ({ isDone: await isBackstage() }),
    });
    return { state: isOurs ? 'stopped' : 'notLive' };
  }
}
