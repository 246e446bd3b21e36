import type { Clock } from '../clock.ts';
import type { BodySchema } from '../requests/validate.ts';
import type { Recorder, RecordingEvent } from '../state/recorder.ts';
import type { SessionEvent } from '../state/session-event.ts';
import type { Call, Recording, State } from '../state/state.ts';

/** What an endpoint works on. */
export interface Api {
  readonly state: State;
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** Tells whoever is told of events. */
  readonly emit: (event: RecordingEvent | SessionEvent) => void;
  readonly urlOf: (call: Call, recording: Recording) => string;
  /** Where a file lies that the API itself has written. */
  readonly url: string;
}

export interface Input {
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** As its schema has passed it. */
  readonly body: unknown;
}

export interface Endpoint {
  /** The API's name of it, which its errors begin with. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameters}`, each of which is one segment. */
  readonly path: string;
  /** What a parameter may be; another value makes it an unknown route. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** Query parameters beside `api_key`. */
  readonly query?: readonly string[];
  /** None: the request has no body. */
  readonly body?: BodySchema;
  /** @throws ApiError what it refuses. */
  answer(api: Api, input: Input): object;
}
