import { linkExpiry, printable } from '@rawreel/text';
import type { RecordingAnswer } from './answers.ts';
import { type Calls, isUnderWay, type Signal } from './calls.ts';
import type { Clock } from './clock.ts';
import { RecordingControlError } from './errors.ts';
import { type CallRef, formatCallRef, type RecordingName, safeName } from './names.ts';
import type { Requests } from './requests.ts';

/** A recording that is ready. */
export interface ListedRecording extends RecordingName {
  /** Signed where it is in Stream's own storage, and then a secret until it expires. */
  readonly url: string;
  /** When the URL stops working, where it tells. */
  readonly expiresAt: Date | undefined;
  readonly startTime: Date;
  /** Where Stream tells. */
  readonly endTime: Date | undefined;
  /** `raw`, `composite`, `individual`, or what Stream adds; where it tells. */
  readonly type: string | undefined;
}

/** A recording that belongs to a start as far as call, type and times tell: the API names no start in its list. */
export interface AwaitedRecording extends ListedRecording {
  readonly isInferred: true;
}

/** Which types of recordings: raw ones, or of every type. */
export type ListedTypes = 'raw' | 'all';

export interface ListOptions {
  /** Default: `raw`. */
  readonly types?: ListedTypes | undefined;
  /** Only those of this session. */
  readonly session?: string | undefined;
  /** Called for each entry of Stream's list that is left out because it does not match the API's types. */
  readonly onUnusable?: ((what: string) => void) | undefined;
  readonly signal?: Signal;
}

export interface WaitOptions {
  /** What `start` returned as `since`: the recording has begun no earlier. */
  readonly since?: Date | undefined;
  /** What `stop` returned as `endedSince`: the recording was still running then. */
  readonly endedSince?: Date | undefined;
  /** Gives up when nothing was recorded and nothing became ready for so long. Default: 1,800,000 ms (half an hour). */
  readonly timeoutMs?: number | undefined;
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
/** Several times the five minutes in which Stream has a recording ready. */
const TIMEOUT_MS = 30 * 60_000;
/** An end may be that of the last packet, and so a little before the stop was asked for. */
const NEAR = { beforeMs: 10_000, afterWaitingMs: 60_000 };

export class Recordings {
  readonly #calls: Calls;
  readonly #requests: Requests;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(calls: Calls, requests: Requests, clock: Clock, random: () => number) {
    this.#calls = calls;
    this.#requests = requests;
    this.#clock = clock;
    this.#random = random;
  }

  async list(
    call: CallRef,
    { types = 'raw', session, onUnusable, signal }: ListOptions = {},
  ): Promise<readonly ListedRecording[]> {
    const { recordings, unusable } = await this.#calls.listRecordings(call, signal);
    const untyped = types === 'all' ? [] : recordings.filter(({ recording_type }) => recording_type == null);
    for (const what of [...unusable, ...untyped.map(({ filename }) => `${filename} has no recording_type`)])
      onUnusable?.(printable(what));
    return recordings
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

  async waitUntilReady(
    call: CallRef,
    { since, endedSince, taken, timeoutMs = TIMEOUT_MS, signal }: WaitOptions = {},
  ): Promise<AwaitedRecording> {
    const isTold = since !== undefined || endedSince !== undefined;
    const others = taken ?? (isTold ? [] : await this.list(call, { signal }));
    const begunAt = this.#clock.now();
    let idleSince = begunAt;
    for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * POLL_GROWTH)) {
      const isLong = this.#clock.now() - begunAt >= NEAR.afterWaitingMs;
      const found = nearest(await this.list(call, { signal }), { since, endedSince, isLong }, others);
      if (found !== undefined) return { ...found, isInferred: true };
      // What still runs cannot be late.
      if (isUnderWay(await this.#calls.read(call, signal))) idleSince = this.#clock.now();
      const leftMs = idleSince + timeoutMs - this.#clock.now();
      if (leftMs <= 0) throw notReady(call, timeoutMs);
      const jitter = 1 + (this.#random() - 0.5) / 5;
      await this.#requests.pause(Math.min(leftMs, pauseMs * jitter), waitingFor(call), signal);
    }
  }
}

/** `30 min`, `90 s`, `100 ms` */
function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms < 600_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function notReady(call: CallRef, timeoutMs: number): RecordingControlError {
  return new RecordingControlError(
    'ERR_NOT_READY',
    printable(
      `${waitingFor(call)} any longer: nothing was recorded and nothing became ready for ${duration(timeoutMs)}`,
    ),
    {
      hint: 'It has failed, or takes longer than usual, which is about five minutes. A recording that failed is listed nowhere: only the event call.recording_failed tells of it.',
    },
  );
}

const waitingFor = (call: CallRef) => `The recording of ${formatCallRef(call)} cannot be waited for`;

/** @param recordings the earliest first */
function nearest(
  recordings: readonly ListedRecording[],
  { since, endedSince, isLong }: Pick<WaitOptions, 'since' | 'endedSince'> & { readonly isLong: boolean },
  taken: readonly RecordingName[],
): ListedRecording | undefined {
  const possible = recordings.filter(
    (recording) =>
      (since === undefined || recording.startTime >= since) &&
      !taken.some((other) => isSame(recording, other)),
  );
  if (endedSince === undefined) return possible[0];
  const after = (time: number) => possible.filter(({ endTime }) => endTime && endTime.getTime() >= time);
  const [first] = after(endedSince.getTime());
  // Not at once: one before it, which ended just then, may be ready sooner.
  return first ?? (isLong ? after(endedSince.getTime() - NEAR.beforeMs).at(-1) : undefined);
}

const isSame = (a: RecordingName, b: RecordingName) => a.filename === b.filename && a.session === b.session;

function toListed(answer: RecordingAnswer): ListedRecording {
  return {
    filename: answer.filename,
    session: answer.session_id,
    type: answer.recording_type ?? undefined,
    startTime: answer.start_time,
    endTime: answer.end_time ?? undefined,
    url: answer.url,
    expiresAt: linkExpiry(answer.url),
  };
}

/** The rest only makes the order the same each time. */
function byStart(a: ListedRecording, b: ListedRecording): number {
  return a.startTime.getTime() - b.startTime.getTime() || (a.filename < b.filename ? -1 : 1);
}
