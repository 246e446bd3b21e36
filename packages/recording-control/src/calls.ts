import type { StreamClient } from '@stream-io/node-sdk';
import { type CallAnswer, callOf, type RecordingAnswer, recordingsOf } from './answers.ts';
import type { Clock } from './clock.ts';
import { type CallRef, formatCallRef, safeCall } from './names.ts';
import type { Look, Requests } from './requests.ts';

export type Signal = AbortSignal | undefined;

/** A call as the API had it at a time of the API's own clock. */
export interface SeenCall extends CallAnswer {
  /** Not after the request was answered; in whole seconds, as answers are dated. */
  readonly seenAt: Date;
}

/** What several rooms ask of a call. Names are checked here, before the SDK sees them. */
export class Calls {
  readonly #client: StreamClient;
  readonly #requests: Requests;
  readonly #clock: Clock;

  constructor(client: StreamClient, requests: Requests, clock: Clock) {
    this.#client = client;
    this.#requests = requests;
    this.#clock = clock;
  }

  /** The SDK's own. */
  at(call: CallRef) {
    const { type, id } = safeCall(call);
    return this.#client.video.call(type, id);
  }

  async read(call: CallRef, signal: Signal): Promise<SeenCall> {
    const sdkCall = this.at(call);
    return this.#requests.read({
      endpoint: 'GetCall',
      action: `${formatCallRef(call)} cannot be read`,
      signal,
      send: () => sdkCall.get(),
      parse: (answer) => ({
        ...callOf(answer),
        seenAt: this.#dateOf(answer.metadata.responseHeaders.get('date')),
      }),
    });
  }

  async listRecordings(call: CallRef, signal: Signal): Promise<readonly RecordingAnswer[]> {
    const sdkCall = this.at(call);
    return this.#requests.read({
      endpoint: 'ListRecordings',
      action: `The recordings of ${formatCallRef(call)} cannot be listed`,
      signal,
      send: () => sdkCall.listRecordings(),
      parse: recordingsOf,
    });
  }

  /** Looks whether what starts raw recording is done, or ruled out by a setting. */
  async lookForStart(call: CallRef, signal: Signal, isDone: (seen: CallAnswer) => boolean): Promise<Look> {
    const seen = await this.read(call, signal);
    const isDisabled = seen.settings.raw_recording.mode === 'disabled';
    return { isDone: isDone(seen), forbiddenBy: isDisabled ? 'settings.raw_recording.mode' : undefined };
  }

  #dateOf(header: string | null): Date {
    const time = Date.parse(header ?? '');
    return new Date(Number.isNaN(time) ? this.#clock.now() : time);
  }
}

/** As Stream's own client SDKs read it: any other word, or none, means that nothing is recorded. */
export const isRecordingRaw = ({ egress }: CallAnswer): boolean => egress.raw_recording?.status === 'running';
