import type { StreamClient, UpdateCallTypeRequest } from '@stream-io/node-sdk';
import { type CallTypeAnswer, callTypeOf } from './answers.ts';
import type { Signal } from './calls.ts';
import { safeName } from './names.ts';
import type { Requests, Sending } from './requests.ts';

/** What several rooms ask of a call type. Names are checked here, before the SDK sees them. */
export class CallTypes {
  readonly #client: StreamClient;
  readonly #requests: Requests;

  constructor(client: StreamClient, requests: Requests) {
    this.#client = client;
    this.#requests = requests;
  }

  async read(callType: string, signal: Signal): Promise<CallTypeAnswer> {
    const name = safeName('call type', callType);
    return this.#requests.read({
      endpoint: 'GetCallType',
      action: `The call type ${name} cannot be read`,
      signal,
      send: () => this.#client.video.getCallType({ name }),
      parse: callTypeOf,
    });
  }

  /** The request that changes what is named of it. */
  updating(callType: string, change: UpdateCallTypeRequest): Sending {
    const name = safeName('call type', callType);
    return {
      endpoint: 'UpdateCallType',
      action: `The call type ${name} cannot be changed`,
      send: () => this.#client.video.updateCallType({ name, ...change }),
    };
  }
}
