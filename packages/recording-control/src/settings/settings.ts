import type { StreamClient } from '@stream-io/node-sdk';
import { callTypesOf } from '../answers.ts';
import type { CallTypes } from '../call-types.ts';
import type { Calls, Signal } from '../calls.ts';
import { type CallRef, formatCallRef } from '../names.ts';
import type { Requests, Sending } from '../requests.ts';
import {
  changed,
  isEqual,
  type RawRecordingChange,
  type RawRecordingSettings,
  settingsOf,
  toRequest,
} from './raw-recording-settings.ts';
import { type SetManyOptions, type SettingsReport, setMany } from './set-many.ts';
import type { SettingsChange, SettingsTarget } from './settings-change.ts';

export interface CallTypeSettings {
  readonly name: string;
  readonly settings: RawRecordingSettings;
}

interface Options {
  readonly signal?: Signal;
}

export class Settings {
  readonly #client: StreamClient;
  readonly #requests: Requests;
  readonly #calls: Calls;
  readonly #callTypes: CallTypes;

  constructor(client: StreamClient, requests: Requests, calls: Calls, callTypes: CallTypes) {
    this.#client = client;
    this.#requests = requests;
    this.#calls = calls;
    this.#callTypes = callTypes;
  }

  async getForCall(call: CallRef, { signal }: Options = {}): Promise<RawRecordingSettings> {
    return settingsOf(await this.#calls.read(call, signal));
  }

  async getForCallType(callType: string, { signal }: Options = {}): Promise<RawRecordingSettings> {
    return settingsOf(await this.#callTypes.read(callType, signal));
  }

  async listCallTypes({ signal }: Options = {}): Promise<readonly CallTypeSettings[]> {
    const callTypes = await this.#requests.read({
      endpoint: 'ListCallTypes',
      action: 'The call types cannot be listed',
      signal,
      send: () => this.#client.video.listCallTypes(),
      parse: callTypesOf,
    });
    return Object.entries(callTypes)
      .map(([name, answer]) => ({ name, settings: settingsOf(answer) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  setForCall(call: CallRef, change: RawRecordingChange, options: Options = {}): Promise<SettingsChange> {
    return this.#set({ call }, change, false, options.signal);
  }

  setForCallType(
    callType: string,
    change: RawRecordingChange,
    options: Options = {},
  ): Promise<SettingsChange> {
    return this.#set({ callType }, change, false, options.signal);
  }

  setMany(
    targets: readonly SettingsTarget[],
    change: RawRecordingChange,
    options: SetManyOptions = {},
  ): Promise<SettingsReport> {
    const { dryRun = false, signal } = options;
    return setMany(targets, (target) => this.#set(target, change, dryRun, signal), options);
  }

  async #set(
    target: SettingsTarget,
    change: RawRecordingChange,
    isDryRun: boolean,
    signal: Signal,
  ): Promise<SettingsChange> {
    const read = () =>
      'call' in target
        ? this.getForCall(target.call, { signal })
        : this.getForCallType(target.callType, { signal });
    const before = await read();
    const after = changed(before, change);
    if (isEqual(before, after)) return { target, state: 'unchanged', settings: before };
    if (!isDryRun) {
      await this.#requests.change({
        ...this.#sending(target, after),
        signal,
        look: async () => ({ isDone: isEqual(await read(), after) }),
      });
    }
    return { target, state: 'changed', before, after };
  }

  #sending(target: SettingsTarget, after: RawRecordingSettings): Sending {
    if ('call' in target) {
      return {
        endpoint: 'UpdateCall',
        action: `The settings of ${formatCallRef(target.call)} cannot be changed`,
        send: () => this.#calls.at(target.call).update({ settings_override: toRequest(after) }),
      };
    }
    return this.#callTypes.updating(target.callType, { settings: toRequest(after) });
  }
}
