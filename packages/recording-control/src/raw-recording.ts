import { printable, withoutUndefined } from '@rawreel/text';
import {
  type Calls,
  isEncrypted,
  isUnderWay,
  type RecordingState,
  recordingStateOf,
  type Signal,
} from './calls.ts';
import type { Clock } from './clock.ts';
import { RecordingControlError } from './errors.ts';
import { type CallRef, formatCallRef } from './names.ts';
import type { Requests } from './requests.ts';
import { type RawRecordingSettings, settingsOf } from './settings/raw-recording-settings.ts';

export interface GoLiveOptions {
  /** The name of an external storage; that of the call type where it is left out. */
  readonly externalStorage?: string | undefined;
  readonly signal?: Signal;
}

export interface StartOptions extends GoLiveOptions {
  /** How long to wait for somebody to join. Default: 0 ms. */
  readonly waitForSessionMs?: number | undefined;
}

/**
 * `since` is a time of Stream's clock before the start, which `waitUntilReady` tells the recording by. When what runs was started is
 * not known.
 */
export type Started =
  | { readonly state: 'started'; readonly since: Date }
  | { readonly state: 'alreadyRunning'; readonly since: undefined };

/** `endedSince` is a time of Stream's clock at which the recording was still running, which `waitUntilReady` tells it by. */
export type Stopped =
  | { readonly state: 'stopped'; readonly endedSince: Date }
  | { readonly state: 'notRunning'; readonly endedSince: undefined };

export interface RecordingStatus {
  readonly call: CallRef;
  /** Of raw recording; the other types are recorded independently of it. */
  readonly state: RecordingState;
  readonly isBackstage: boolean;
  /** End-to-end: it cannot be recorded. */
  readonly isEncrypted: boolean;
  /** The call's latest session, if it had one. */
  readonly session: string | undefined;
  readonly settings: RawRecordingSettings;
  /** When that was so, by Stream's clock, in whole seconds. */
  readonly seenAt: Date;
}

const ALREADY_RUNNING = { state: 'alreadyRunning', since: undefined } as const;

/** Between looking whether somebody has joined. */
const SESSION_POLL = { firstMs: 2000, growth: 1.5, longestMs: 10_000 };
/** A recording takes a few moments until it runs; one that is still not to be stopped then is out of order. */
const LONGEST_START_MS = 60_000;
const STOP_POLL_MS = 1000;

/** Starting and stopping: what they find decides, not the wording of an answer. */
export class RawRecording {
  readonly #calls: Calls;
  readonly #requests: Requests;
  readonly #clock: Clock;

  constructor(calls: Calls, requests: Requests, clock: Clock) {
    this.#calls = calls;
    this.#requests = requests;
    this.#clock = clock;
  }

  async start(call: CallRef, { waitForSessionMs = 0, ...options }: StartOptions = {}): Promise<Started> {
    const until = this.#clock.now() + waitForSessionMs;
    for (let pauseMs = SESSION_POLL.firstMs; ; pauseMs *= SESSION_POLL.growth) {
      try {
        return await this.#startNow(call, options);
      } catch (error) {
        const leftMs = until - this.#clock.now();
        if (!hasCode(error, 'ERR_NO_SESSION') || waitForSessionMs === 0) throw error;
        if (leftMs <= 0) throw nobodyCame(call, waitForSessionMs, error);
        const waitMs = Math.min(pauseMs, SESSION_POLL.longestMs, leftMs);
        await this.#requests.pause(waitMs, cannotBeRecorded(call), options.signal);
      }
    }
  }

  async #startNow(call: CallRef, { externalStorage, signal }: GoLiveOptions): Promise<Started> {
    const sdkCall = this.#calls.at(call);
    const before = await this.#calls.readToRecord(call, signal);
    if (isUnderWay(before)) return ALREADY_RUNNING;
    const isOurs = await this.#requests.change({
      endpoint: 'StartRecording',
      action: cannotBeRecorded(call),
      signal,
      send: () =>
        sdkCall.startRecording(
          withoutUndefined({ recording_type: 'raw', recording_external_storage: externalStorage }),
        ),
      look: () => this.#calls.lookForStart(call, signal, isUnderWay),
    });
    return isOurs ? { state: 'started', since: before.seenAt } : ALREADY_RUNNING;
  }

  /**
   * Asks in any case: a recording that has just been started may not be told of yet. One that is about to run may not take a stop
   * before it runs, and is asked again.
   */
  async stop(call: CallRef, { signal }: { readonly signal?: Signal } = {}): Promise<Stopped> {
    const until = this.#clock.now() + LONGEST_START_MS;
    for (;;) {
      try {
        return await this.#stopNow(call, signal);
      } catch (error) {
        if (!hasCode(error, 'ERR_BAD_REQUEST') || this.#clock.now() >= until) throw error;
        await this.#requests.pause(STOP_POLL_MS, cannotBeStopped(call), signal);
      }
    }
  }

  async #stopNow(call: CallRef, signal: Signal): Promise<Stopped> {
    const sdkCall = this.#calls.at(call);
    const sentAt = this.#clock.now();
    let stoppedAt = new Date(sentAt);
    const isOurs = await this.#requests.change({
      endpoint: 'StopRecording',
      action: cannotBeStopped(call),
      signal,
      send: async () => {
        stoppedAt = this.#calls.timeOf(await sdkCall.stopRecording({ recording_type: 'raw' }));
      },
      look: async () => {
        const seen = await this.#calls.read(call, signal);
        stoppedAt = wholeSeconds(seen.seenAt.getTime() - (this.#clock.now() - sentAt));
        return { isDone: !isUnderWay(seen) };
      },
    });
    return isOurs
      ? { state: 'stopped', endedSince: stoppedAt }
      : { state: 'notRunning', endedSince: undefined };
  }

  async status(call: CallRef, { signal }: { readonly signal?: Signal } = {}): Promise<RecordingStatus> {
    const seen = await this.#calls.read(call, signal);
    return {
      call,
      state: recordingStateOf(seen),
      isBackstage: seen.backstage,
      isEncrypted: isEncrypted(seen),
      session: seen.current_session_id === '' ? undefined : seen.current_session_id,
      settings: settingsOf(seen),
      seenAt: seen.seenAt,
    };
  }
}

const cannotBeRecorded = (call: CallRef) => `${formatCallRef(call)} cannot be recorded`;
const cannotBeStopped = (call: CallRef) => `The recording of ${formatCallRef(call)} cannot be stopped`;

const wholeSeconds = (time: number) => new Date(Math.floor(time / 1000) * 1000);

function hasCode(error: unknown, code: RecordingControlError['code']): boolean {
  return error instanceof RecordingControlError && error.code === code;
}

function nobodyCame(call: CallRef, waitedMs: number, cause: unknown): RecordingControlError {
  const name = printable(formatCallRef(call));
  return new RecordingControlError(
    'ERR_NO_SESSION',
    `${name} cannot be recorded: nobody has joined within ${Math.round(waitedMs / 1000)} s`,
    {
      hint: 'Wait longer, or set the mode to "auto-on": then recording starts with the call by itself.',
      cause,
    },
  );
}
