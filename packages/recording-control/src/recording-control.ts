import { withoutUndefined } from '@rawreel/text';
import { StreamClient } from '@stream-io/node-sdk';
import { type Access, checkAccess } from './access.ts';
import { safeBaseUrl } from './base-url.ts';
import { CallTypes } from './call-types.ts';
import { Calls, type Signal } from './calls.ts';
import { type Clock, systemClock } from './clock.ts';
import {
  type AppHooks,
  EventHooks,
  type HookChange,
  type RegisterOptions,
  type WriteHooksOptions,
} from './event-hooks/event-hooks.ts';
import type { HookDestination } from './event-hooks/stored-hook.ts';
import {
  type AssignedStorage,
  type ExternalStorage,
  ExternalStorages,
  type NewExternalStorage,
  type UnassignedStorage,
} from './external-storage.ts';
import { Grants, type GrantsChange, type RecordingGrants } from './grants.ts';
import { Live, type StopLiveOptions, type StoppedLive, type WentLive } from './live.ts';
import type { CallRef, RecordingName } from './names.ts';
import {
  type GoLiveOptions,
  RawRecording,
  type RecordingStatus,
  type Started,
  type StartOptions,
  type Stopped,
} from './raw-recording.ts';
import {
  type AwaitedRecording,
  type Deleted,
  type ListedRecording,
  type ListOptions,
  Recordings,
  type WaitOptions,
} from './recordings.ts';
import { PATIENT, Requests, type RetryBudget } from './requests.ts';
import { ServerTokens } from './server-token.ts';
import type { RawRecordingChange, RawRecordingSettings } from './settings/raw-recording-settings.ts';
import type { SetManyOptions, SettingsReport } from './settings/set-many.ts';
import { type CallTypeSettings, Settings } from './settings/settings.ts';
import type { SettingsChange, SettingsTarget } from './settings/settings-change.ts';
import { type CallQuery, Sweep, type SweepOptions, type SweptCall } from './sweep.ts';

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  /** `https`, or `http` to this machine. Default: Stream's own. */
  readonly baseUrl?: string | undefined;
  /** Of one request. Default: 10,000 ms. */
  readonly timeoutMs?: number | undefined;
}

export interface ControlOptions {
  /** Default: 5 attempts within 75 s. */
  readonly retry?: RetryBudget | undefined;
  /** The clock that waiting goes by. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** From 0 to 1, for jitter. */
  readonly random?: (() => number) | undefined;
}

interface Options {
  readonly signal?: Signal;
}

/**
 * Raw recording of an app's calls. Every method rejects with a `RecordingControlError`; what it waits for ends with its `signal`,
 * though a request that was sent may still be carried out.
 */
export interface RecordingControl {
  /** Whether key and secret open the app, by one request that changes nothing. */
  access(options?: Options): Promise<Access>;
  start(call: CallRef, options?: StartOptions): Promise<Started>;
  stop(call: CallRef, options?: Options): Promise<Stopped>;
  status(call: CallRef, options?: Options): Promise<RecordingStatus>;
  /** The earliest first. Default: raw ones only. */
  list(call: CallRef, options?: ListOptions): Promise<readonly ListedRecording[]>;
  delete(call: CallRef, recording: RecordingName, options?: Options): Promise<Deleted>;
  /**
   * The first raw recording since the given time that is not taken. Without a time, and with nothing taken, one that is not listed
   * yet when the waiting begins. Failed recordings are listed nowhere: waiting ends with `ERR_NOT_READY` when nothing has been recorded
   * and nothing become ready for `timeoutMs`.
   */
  waitUntilReady(call: CallRef, options?: WaitOptions): Promise<AwaitedRecording>;
  /** The calls of a period, the oldest first. */
  calls(query?: CallQuery): AsyncIterable<CallRef>;
  /** What was recorded in a period, call by call. A call whose recordings cannot be listed keeps no other back. */
  sweep(options?: SweepOptions): AsyncIterable<SweptCall>;
  /** Live and recorded afterwards, whichever of the two it was before: only what is missing is asked for. */
  goLive(call: CallRef, options?: GoLiveOptions): Promise<WentLive>;
  stopLive(call: CallRef, options?: StopLiveOptions): Promise<StoppedLive>;
  /** `mode` and `audio_only`. A change reads first, sends nothing where nothing changes, and leaves other settings alone. */
  readonly settings: {
    /** As they hold for the call: what it overrides and what it inherits cannot be told apart. */
    getForCall(call: CallRef, options?: Options): Promise<RawRecordingSettings>;
    /** Overrides the call type's settings for this call, also those that are inherited and do not change. */
    setForCall(call: CallRef, change: RawRecordingChange, options?: Options): Promise<SettingsChange>;
    getForCallType(callType: string, options?: Options): Promise<RawRecordingSettings>;
    setForCallType(callType: string, change: RawRecordingChange, options?: Options): Promise<SettingsChange>;
    /** Of all call types, by name. */
    listCallTypes(options?: Options): Promise<readonly CallTypeSettings[]>;
    /** The same change to many. It rejects for none of them: who failed, also because of the signal, is in the report. */
    setMany(
      targets: readonly SettingsTarget[],
      change: RawRecordingChange,
      options?: SetManyOptions,
    ): Promise<SettingsReport>;
  };
  /**
   * Whom a call type lets record. They hold for users: a server, as this is one, may do all of it anyway. A capability is one of
   * recordings when its name says so; set are those of `RECORDING_CAPABILITIES`, and those that the call type has already.
   */
  readonly grants: {
    get(callType: string, options?: Options): Promise<RecordingGrants>;
    /** Of recordings the role may do exactly this afterwards; whatever else it may do stays, as do the other roles. */
    set(
      callType: string,
      role: string,
      capabilities: readonly string[],
      options?: Options,
    ): Promise<GrantsChange>;
  };
  readonly externalStorage: {
    /** By name. */
    list(options?: Options): Promise<readonly ExternalStorage[]>;
    /**
     * A name that is taken is an error and no state: the API shows nobody the credentials behind it, so whether it is the same
     * storage cannot be said.
     */
    create(storage: NewExternalStorage, options?: Options): Promise<ExternalStorage>;
    /** Has Stream write a file to it, and returns where that is. */
    check(storage: string, options?: Options): Promise<string>;
    /** Has all of it in the place of what there was, credentials too. */
    update(storage: NewExternalStorage, options?: Options): Promise<ExternalStorage>;
    delete(storage: string, options?: Options): Promise<Deleted>;
    /** Recordings of this call type go there from now on. */
    assign(callType: string, storage: string, options?: Options): Promise<AssignedStorage>;
    /** Recordings of this call type go to Stream's own storage from now on. */
    unassign(callType: string, options?: Options): Promise<UnassignedStorage>;
  };
  /**
   * Where Stream sends the app's events. It takes all hooks at once, so a change reads them, plans, asks `agree`, reads again, writes
   * all of them and reads what has become of it. What is so already is not written.
   *
   * `register` and `unregister` reject with `ERR_HOOKS_UNSURE` where another hook could be lost, and with `ERR_HOOKS_CHANGED`
   * where somebody else writes at the same time.
   */
  readonly eventHooks: {
    read(options?: Options): Promise<AppHooks>;
    /** A hook that sends there already is switched on and gets the event types that it lacks. */
    register(destination: HookDestination, options?: RegisterOptions): Promise<HookChange>;
    unregister(destination: HookDestination, options?: WriteHooksOptions): Promise<HookChange>;
  };
}

/**
 * A Stream SDK client that is there already keeps its own time-out (default: 3 s) and its own token, which
 * never expires.
 *
 * @throws {RecordingControlError} ERR_UNSAFE_BASE_URL
 */
export function createRecordingControl(
  access: Credentials | StreamClient,
  { retry = PATIENT, clock = systemClock, random = Math.random }: ControlOptions = {},
): RecordingControl {
  const isClient = 'video' in access;
  const client = isClient ? access : clientOf(access);
  const tokens = isClient ? undefined : new ServerTokens(access.secret, clock);
  tokens?.signFor(client);
  const secrets = isClient ? [] : [access.secret];
  const requests = new Requests({ clock, random, budget: retry, secrets, tokens });
  const calls = new Calls(client, requests, clock);
  const callTypes = new CallTypes(client, requests);
  const rawRecording = new RawRecording(calls, requests, clock);
  const recordings = new Recordings(calls, requests, clock, random);
  const sweep = new Sweep(client, requests, recordings);
  const live = new Live(calls, requests, rawRecording);
  const settings = new Settings(client, requests, calls, callTypes);
  const grants = new Grants(requests, callTypes);
  const externalStorage = new ExternalStorages(client, requests, callTypes);
  const eventHooks = new EventHooks(client, requests);
  return {
    access: (options = {}) => checkAccess(client, requests, clock, options),
    start: (...given) => rawRecording.start(...given),
    stop: (...given) => rawRecording.stop(...given),
    status: (...given) => rawRecording.status(...given),
    list: (...given) => recordings.list(...given),
    delete: (...given) => recordings.delete(...given),
    waitUntilReady: (...given) => recordings.waitUntilReady(...given),
    calls: (...given) => sweep.calls(...given),
    sweep: (...given) => sweep.recordings(...given),
    goLive: (...given) => live.goLive(...given),
    stopLive: (...given) => live.stopLive(...given),
    settings,
    grants,
    externalStorage,
    eventHooks,
  };
}

/** The SDK's own default, 3 s, leaves it open too often whether a start has happened. */
function clientOf({ apiKey, secret, baseUrl, timeoutMs = 10_000 }: Credentials): StreamClient {
  const basePath = baseUrl === undefined ? undefined : safeBaseUrl(baseUrl);
  return new StreamClient(apiKey, secret, withoutUndefined({ timeout: timeoutMs, basePath }));
}
