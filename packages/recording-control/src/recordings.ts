import type { RecordingAnswer } from './answers.ts';
import type { Calls, Signal } from './calls.ts';
import { linkExpiry } from './link-expiry.ts';
import { type CallRef, formatCallRef, type RecordingName, safeName } from './names.ts';
import type { Requests } from './requests.ts';

/** A recording that is ready. */
export interface ListedRecording extends RecordingName {
  /** Signed where it is in Stream's own storage, and then a secret until it expires. */
  readonly url: string;
  /** When the URL stops working, where it tells. */
  readonly expiresAt: Date | undefined;
  readonly startTime: Date;
  readonly endTime: Date;
  /** `raw`, `composite`, `individual`, or what Stream adds. */
  readonly type: string;
}

/** A recording that belongs to a start as far as call, type and times tell: the API names no start in its list. */
export interface AwaitedRecording extends ListedRecording {
  readonly isInferred: true;
}

export interface ListOptions {
  /** `raw` unless told. */
  readonly types?: 'raw' | 'all' | undefined;
  /** Only those of this session. */
  readonly session?: string | undefined;
  readonly signal?: Signal;
}

export interface WaitOptions {
  /** What `start` returned as `since`: the recording has begun no earlier. */
  readonly since?: Date | undefined;
  /** Recordings that are known to belong to other starts. */
  readonly taken?: readonly RecordingName[] | undefined;
  readonly signal?: Signal;
}

export interface Deleted {
  readonly state: 'deleted' | 'notThere';
}

const FIRST_POLL_MS = 2000;
const LONGEST_POLL_MS = 30_000;
const POLL_GROWTH = 1.5;

export class Recordings {
  readonly #calls: Calls;
  readonly #requests: Requests;
  readonly #random: () => number;

  constructor(calls: Calls, requests: Requests, random: () => number) {
    this.#calls = calls;
    this.#requests = requests;
    this.#random = random;
  }

  async list(
    call: CallRef,
    { types = 'raw', session, signal }: ListOptions = {},
  ): Promise<readonly ListedRecording[]> {
    const listed = await this.#calls.listRecordings(call, signal);
    return listed
      .filter(({ recording_type }) => types === 'all' || recording_type === types)
      .filter(({ session_id }) => session === undefined || session_id === session)
      .map(toListed)
      .sort(byStart);
  }

  async delete(
    call: CallRef,
    recording: RecordingName,
    { signal }: { readonly signal?: Signal } = {},
  ): Promise<Deleted> {
    const sdkCall = this.#calls.at(call);
    const session = safeName('session id', recording.session);
    const filename = safeName('file name', recording.filename);
    const isOurs = await this.#requests.change({
      endpoint: 'DeleteRecording',
      action: `${filename} of ${formatCallRef(call)} cannot be deleted`,
      signal,
      send: () => sdkCall.deleteRecording({ session, filename }),
      look: async () => {
        const listed = await this.list(call, { types: 'all', session, signal });
        return { isDone: !listed.some((other) => other.filename === filename) };
      },
    });
    return { state: isOurs ? 'deleted' : 'notThere' };
  }

  async waitUntilReady(call: CallRef, { since, taken, signal }: WaitOptions = {}): Promise<AwaitedRecording> {
    const others = taken ?? (since === undefined ? await this.list(call, { signal }) : []);
    for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * POLL_GROWTH)) {
      const found = nearest(await this.list(call, { signal }), since, others);
      if (found !== undefined) return { ...found, isInferred: true };
      const jitter = 1 + (this.#random() - 0.5) / 5;
      await this.#requests.pause(pauseMs * jitter, waitingFor(call), signal);
    }
  }
}

const waitingFor = (call: CallRef) => `The recording of ${formatCallRef(call)} cannot be waited for`;

/** @param recordings the earliest first */
function nearest(
  recordings: readonly ListedRecording[],
  since: Date | undefined,
  taken: readonly RecordingName[],
): ListedRecording | undefined {
  return recordings.find(
    (recording) =>
      (since === undefined || recording.startTime >= since) &&
      !taken.some((other) => isSame(recording, other)),
  );
}

const isSame = (a: RecordingName, b: RecordingName) => a.filename === b.filename && a.session === b.session;

function toListed(answer: RecordingAnswer): ListedRecording {
  return {
    filename: answer.filename,
    session: answer.session_id,
    type: answer.recording_type,
    startTime: answer.start_time,
    endTime: answer.end_time,
    url: answer.url,
    expiresAt: linkExpiry(answer.url),
  };
}

/** The rest only makes the order the same each time. */
function byStart(a: ListedRecording, b: ListedRecording): number {
  return a.startTime.getTime() - b.startTime.getTime() || (a.filename < b.filename ? -1 : 1);
}
